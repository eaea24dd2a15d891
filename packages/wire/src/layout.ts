// Fixed layouts: big-endian integers, and bytes as text in paths (hexadecimal, base64url). Takes strangers' text, gives bytes or `frame/invalid`.

import { base64url, hex } from "@sotto/encoding";
import { WireError } from "./errors.ts";

/** Writes an unsigned integer of 8 bytes, big-endian, at `offset`; values up to 2^53 - 1. */
export function writeBe8(target: Uint8Array, offset: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new WireError("frame/invalid", "a number is not an unsigned 53-bit integer");
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(offset, Math.floor(value / 2 ** 32));
  view.setUint32(offset + 4, value % 2 ** 32);
}

/** Reads an unsigned integer of 8 bytes, big-endian, at `offset`; refuses values above 2^53 - 1. */
export function readBe8(source: Uint8Array, offset: number): number {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const value = view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4);
  if (!Number.isSafeInteger(value)) throw new WireError("frame/invalid", "a number is larger than 53 bits");
  return value;
}

/** Lower-case hexadecimal. */
export const toHex = hex.encode;

/** `length` bytes from lower-case hexadecimal. */
export const fromHex = (text: string, length: number): Uint8Array => exactly(hex, text, length);

/** Base64url without padding. */
export const toBase64url = base64url.encode;

/** `length` bytes from base64url; padding, foreign characters and bits that no encoder sets are refused. */
export const fromBase64url = (text: string, length: number): Uint8Array => exactly(base64url, text, length);

function exactly(radix: typeof hex, text: string, length: number): Uint8Array {
  try {
    const bytes = radix.decode(text);
    if (bytes.length === length) return bytes;
  } catch {
    // Reported below: there is one thing to say.
  }
  throw new WireError("frame/invalid", `not ${length} bytes in ${radix === hex ? "hexadecimal" : "base64url"}`);
}
