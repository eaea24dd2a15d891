// The bytes of one message of the post-quantum ratchet, as they ride in field 5 of every SignalMessage. spec/03 §9.

import { ProtocolError } from "../../errors.ts";
import { decodeVarint, varintLength, writeVarint } from "../varint.ts";
import { CHUNK, type Chunk } from "./erasure-code.ts";

const VERSION = 0x01;

/** What a message carries, in the order of its type byte on the wire. */
export const payloadTypes = ["none", "header", "ek", "ek-and-ack", "ack", "ct1", "ct2"] as const;
export type PayloadType = (typeof payloadTypes)[number];

const WITH_CHUNK: ReadonlySet<PayloadType> = new Set<PayloadType>(["header", "ek", "ek-and-ack", "ct1", "ct2"]);

export interface Payload {
  readonly type: PayloadType;
  /** Present exactly for the types that carry data. */
  readonly chunk?: Chunk;
}

export interface SpqrMessage {
  /** From 1. */
  readonly epoch: number;
  /** Index in the epoch chain, from 1. */
  readonly index: number;
  readonly payload: Payload;
}

export function encodeSpqrMessage({ epoch, index, payload: { type, chunk } }: SpqrMessage): Uint8Array {
  const head = 2 + varintLength(epoch) + varintLength(index);
  const bytes = new Uint8Array(head + (chunk === undefined ? 0 : varintLength(chunk.index) + CHUNK));
  bytes[0] = VERSION;
  bytes[writeVarint(bytes, writeVarint(bytes, 1, epoch), index)] = payloadTypes.indexOf(type);
  if (chunk !== undefined) bytes.set(chunk.data, writeVarint(bytes, head, chunk.index));
  return bytes;
}

/** Bytes after the end are left for later versions and ignored. Fails with `decode/invalid`. */
export function decodeSpqrMessage(bytes: Uint8Array): SpqrMessage {
  if (bytes[0] !== VERSION) throw new ProtocolError("decode/invalid", "an unknown version of the post-quantum ratchet");
  const { value: epoch, end: afterEpoch } = decodeVarint(bytes, 1);
  const { value: index, end: afterIndex } = decodeVarint(bytes, afterEpoch);
  const type = payloadTypes[bytes[afterIndex] ?? payloadTypes.length];
  if (epoch < 1 || index < 1 || index > 0xffffffff || type === undefined)
    throw new ProtocolError("decode/invalid", "a malformed message of the post-quantum ratchet");
  if (!WITH_CHUNK.has(type)) return { epoch, index, payload: { type } };
  const { value: chunkIndex, end } = decodeVarint(bytes, afterIndex + 1);
  const data = bytes.slice(end, end + CHUNK);
  if (data.length !== CHUNK || chunkIndex > 0xffff)
    throw new ProtocolError("decode/invalid", "a malformed chunk of the post-quantum ratchet");
  return { epoch, index, payload: { type, chunk: { index: chunkIndex, data } } };
}
