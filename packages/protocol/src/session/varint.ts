// Base-128 variable-length integers, as protocol buffers have them: unsigned, least significant group first, at most 2^53 - 1.

import { ProtocolError } from "../errors.ts";

/** Bytes that `value` takes. */
export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes `value` at `offset` and gives the offset behind it. */
export function writeVarint(into: Uint8Array, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) into[at++] = (rest % 0x80) | 0x80;
  into[at++] = rest;
  return at;
}

/** Reads one at `offset`; fails with `decode/invalid` when it is cut short or too large. */
export function decodeVarint(bytes: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0;
  let scale = 1;
  for (let at = offset; at < bytes.length && at < offset + 8; at++) {
    const byte = bytes[at] as number;
    value += (byte & 0x7f) * scale;
    if (!Number.isSafeInteger(value)) break;
    if (byte < 0x80) return { value, end: at + 1 };
    scale *= 0x80;
  }
  throw new ProtocolError("decode/invalid", "a variable-length integer is cut short or too large");
}
