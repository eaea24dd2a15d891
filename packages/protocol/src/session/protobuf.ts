// As much of protocol buffers as Signal's two message formats need: unsigned integers and byte strings, fields of a known table. The last
// of repeated fields counts and unknown fields are skipped, as every protobuf reader does. Bounded by its input.

import { concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { decodeVarint, encodeVarint } from "./varint.ts";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A field to write; `undefined` values are left out. */
export type Field = readonly [number: number, value: number | Uint8Array | undefined];

export function encodeFields(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") parts.push(encodeVarint(number * 8 + VARINT), encodeVarint(value));
    else if (value !== undefined) parts.push(encodeVarint(number * 8 + BYTES), encodeVarint(value.length), value);
  }
  return concat(...parts);
}

/** The fields that were read. A field of the other kind counts as malformed. */
export interface Fields {
  uint(number: number): number | undefined;
  bytes(number: number): Uint8Array | undefined;
}

/** Fails with `decode/invalid`, naming `what`. */
export function decodeFields(encoded: Uint8Array, what: string): Fields {
  const found = new Map<number, number | Uint8Array>();
  const malformed = (): ProtocolError => new ProtocolError("decode/invalid", `${what} is malformed`);
  let at = 0;
  while (at < encoded.length) {
    const key = decodeVarint(encoded, at);
    const number = Math.floor(key.value / 8);
    const kind = key.value % 8;
    if (number === 0 || number > 0x1fffffff) throw malformed();
    at = key.end;
    if (kind === VARINT) {
      const { value, end } = decodeVarint(encoded, at);
      found.set(number, value);
      at = end;
    } else {
      let length: number;
      if (kind === BYTES) ({ value: length, end: at } = decodeVarint(encoded, at));
      else if (kind === FIXED64) length = 8;
      else if (kind === FIXED32) length = 4;
      else throw malformed();
      if (length > encoded.length - at) throw malformed();
      if (kind === BYTES) found.set(number, encoded.slice(at, at + length));
      at += length;
    }
  }
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
