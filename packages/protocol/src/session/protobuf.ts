// As much of protocol buffers as Signal's two message formats need: unsigned integers and byte strings, fields of a known table. The last
// of repeated fields counts and unknown fields are skipped, as every protobuf reader does. Bounded by its input.

import { ProtocolError } from "../errors.ts";
import { decodeVarint, varintLength, writeVarint } from "./varint.ts";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A field to write; `undefined` values are left out. */
export type Field = readonly [number: number, value: number | Uint8Array | undefined];

/** The fields that are there, with `before` and `after` bytes around them for the caller to fill. */
export function encodeFields(fields: readonly Field[], before = 0, after = 0): Uint8Array {
  let length = before + after;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    length += varintLength(number * 8);
    length += typeof value === "number" ? varintLength(value) : varintLength(value.length) + value.length;
  }
  // One array: those of more than 64 bytes are dear to make.
  const encoded = new Uint8Array(length);
  let at = before;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    if (typeof value === "number") at = writeVarint(encoded, writeVarint(encoded, at, number * 8 + VARINT), value);
    else {
      at = writeVarint(encoded, writeVarint(encoded, at, number * 8 + BYTES), value.length);
      encoded.set(value, at);
      at += value.length;
    }
  }
  return encoded;
}

/** The fields that were read. A field of the other kind counts as malformed. */
export interface Fields {
  uint(number: number): number | undefined;
  bytes(number: number): Uint8Array | undefined;
}

/** Reads the fields between `from` and `end`. Fails with `decode/invalid`, naming `what`. */
export function decodeFields(encoded: Uint8Array, what: string, from: number, end: number): Fields {
  const found = new Map<number, number | Uint8Array>();
  const malformed = (): ProtocolError => new ProtocolError("decode/invalid", `${what} is malformed`);
  let at = from;
  while (at < end) {
    const key = decodeVarint(encoded, at);
    const number = Math.floor(key.value / 8);
    const kind = key.value % 8;
    if (number === 0 || number > 0x1fffffff) throw malformed();
    at = key.end;
    if (kind === VARINT) {
      const read = decodeVarint(encoded, at);
      found.set(number, read.value);
      at = read.end;
    } else {
      let length: number;
      if (kind === BYTES) ({ value: length, end: at } = decodeVarint(encoded, at));
      else if (kind === FIXED64) length = 8;
      else if (kind === FIXED32) length = 4;
      else throw malformed();
      if (length > end - at) throw malformed();
      if (kind === BYTES) found.set(number, encoded.slice(at, at + length));
      at += length;
    }
  }
  if (at > end) throw malformed();
  return {
    uint(number) {
      const value = found.get(number);
      if (value !== undefined && (typeof value !== "number" || value > 0xffffffff)) throw malformed();
      return value as number | undefined;
    },
    bytes(number) {
      const value = found.get(number);
      if (value !== undefined && typeof value === "number") throw malformed();
      return value as Uint8Array | undefined;
    },
  };
}
