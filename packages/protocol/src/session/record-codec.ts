// The stored form of a session record: our own layout behind a version byte. It holds every key of the conversation, so it belongs into a
// sealed store. Reading checks form and bounds: `decode/invalid`, or `decode/newer` for a version of the future. spec/03, "stored form".

import { type KeyPair, PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { Reader } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_ARCHIVED_SESSIONS, MAX_RECEIVING_CHAINS, MAX_SKIPPED_KEYS } from "../limits.ts";
import { Secret } from "../secret.ts";
import type { StreamRoots } from "../stream/receiving-streams.ts";
import { Writer } from "../writer.ts";
import type { ChainKey } from "./chain-key.ts";
import { KYBER_CIPHERTEXT } from "./kyber1024.ts";
import type { PendingPrekey, RecordedSession, SessionRecord } from "./session-record.ts";
import { readSpqr, writeSpqr } from "./spqr/spqr-codec.ts";
import type { ReceivingRatchet, TripleRatchet } from "./triple-ratchet.ts";

const FORMAT = 1;

const malformed = (): ProtocolError => new ProtocolError("decode/invalid", "a stored session is damaged");

/** The record as bytes, between 400 bytes and some hundred kB. */
export function encodeSessionRecord({ current, archived }: SessionRecord): Uint8Array {
  const writer = new Writer();
  writer.byte(FORMAT).optional(current, (session) => writeSession(writer, session));
  writer.list(archived, (session) => writeSession(writer, session));
  return writer.finish();
}

export function decodeSessionRecord(bytes: Uint8Array): SessionRecord {
  const reader = new Reader(bytes, "a stored session");
  if (reader.byte() !== FORMAT)
    throw new ProtocolError("decode/invalid", "a session is stored in a format that this version does not know");
  const current = readOptional(reader, readSession);
  const count = reader.uint(2);
  if (count > MAX_ARCHIVED_SESSIONS) throw malformed();
  const archived = Array.from({ length: count }, () => readSession(reader));
  reader.end();
  return { ...(current === undefined ? {} : { current }), archived };
}

function readOptional<T>(reader: Reader, read: (reader: Reader) => T): T | undefined {
  const flag = reader.byte();
  if (flag > 1) throw malformed();
  return flag === 1 ? read(reader) : undefined;
}

function writeSession(writer: Writer, { ratchet, baseKey, pending, retired }: RecordedSession): void {
  writer.fixed(baseKey).byte(retired ? 1 : 0);
  writer.optional(pending, (prekey) => {
    writer.optional(prekey.oneTimePrekeyId, (id) => writer.uint(4, id));
    writer.uint(4, prekey.signedPrekeyId).uint(4, prekey.kyberPrekeyId).fixed(prekey.kyberCiphertext).uint(8, prekey.created);
  });
  writeRatchet(writer, ratchet);
}

function readSession(reader: Reader): RecordedSession {
  const baseKey = reader.take(PUBLIC_KEY_LENGTH);
  const flag = reader.byte();
  if (flag > 1) throw malformed();
  const pending = readOptional(reader, (): PendingPrekey => {
    const oneTimePrekeyId = readOptional(reader, () => reader.uint(4));
    return {
      ...(oneTimePrekeyId === undefined ? {} : { oneTimePrekeyId }),
      signedPrekeyId: reader.uint(4),
      kyberPrekeyId: reader.uint(4),
      kyberCiphertext: reader.take(KYBER_CIPHERTEXT),
      created: reader.uint(8),
    };
  });
  const ratchet = readRatchet(reader);
  return { ratchet, baseKey, ...(pending === undefined ? {} : { pending }), ...(flag === 1 ? { retired: true } : {}) };
}

function writeRatchet(writer: Writer, state: TripleRatchet): void {
  writer.fixed(state.ourIdentity).fixed(state.theirIdentity).fixed(state.rootKey);
  writer.fixed(state.ourRatchetKey.publicKey).fixed(state.ourRatchetKey.privateKey.expose());
  writeChainKey(writer, state.sending);
  writer.uint(4, state.previousCounter);
  writer.list(state.receiving, ({ theirRatchetKey, chain, skipped }) => {
    writer.fixed(theirRatchetKey);
    writeChainKey(writer, chain);
    writer.list(skipped, ([counter, seed]) => writer.uint(4, counter).fixed(seed));
  });
  writeSpqr(writer, state.spqr);
  writeStreamRoots(writer, state.sendingStream);
  writeStreamRoots(writer, state.receivingStream);
}

function readRatchet(reader: Reader): TripleRatchet {
  const ourIdentity = reader.take(PUBLIC_KEY_LENGTH);
  const theirIdentity = reader.take(PUBLIC_KEY_LENGTH);
  const rootKey = reader.take(32);
  const ourRatchetKey: KeyPair = { publicKey: reader.take(PUBLIC_KEY_LENGTH) as PublicKey, privateKey: new Secret(reader.take(32)) };
  const sending = readChainKey(reader);
  const previousCounter = reader.uint(4);
  const count = reader.uint(2);
  if (count > MAX_RECEIVING_CHAINS) throw malformed();
  const receiving = Array.from({ length: count }, () => readReceiving(reader));
  const spqr = readSpqr(reader);
  const sendingStream = readStreamRoots(reader);
  const receivingStream = readStreamRoots(reader);
  // Only the initiator's receiving stream may have no current chain, until the first reply.
  if ([sendingStream.current, sendingStream.next, receivingStream.next].includes(undefined)) throw malformed();
  return { ourIdentity, theirIdentity, rootKey, ourRatchetKey, sending, previousCounter, receiving, spqr, sendingStream, receivingStream };
}

function readReceiving(reader: Reader): ReceivingRatchet {
  const theirRatchetKey = reader.take(PUBLIC_KEY_LENGTH);
  const chain = readChainKey(reader);
  const count = reader.uint(2);
  if (count > MAX_SKIPPED_KEYS) throw malformed();
  const skipped = new Map<number, Uint8Array>();
  for (let i = 0; i < count; i++) skipped.set(reader.uint(4), reader.take(32));
  if (skipped.size !== count) throw malformed();
  return { theirRatchetKey, chain, skipped };
}

function writeChainKey(writer: Writer, { key, index }: ChainKey): void {
  writer.fixed(key).uint(4, index);
}

const readChainKey = (reader: Reader): ChainKey => ({ key: reader.take(32), index: reader.uint(4) });

function writeStreamRoots(writer: Writer, { current, next }: StreamRoots): void {
  writer.optional(current, (key) => writer.fixed(key)).optional(next, (key) => writer.fixed(key));
}

function readStreamRoots(reader: Reader): StreamRoots {
  const take = (): Uint8Array => reader.take(32);
  return { current: readOptional(reader, take), next: readOptional(reader, take) };
}
