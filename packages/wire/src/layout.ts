// Fixed layouts: big-endian integers, and bytes as text in paths (hexadecimal, base64url). Takes strangers' text, gives bytes or `frame/invalid`.

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
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** `length` bytes from lower-case hexadecimal. */
export function fromHex(text: string, length: number): Uint8Array {
  if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) throw new WireError("frame/invalid", `not ${length} bytes in hexadecimal`);
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET.charAt((pending >> bits) & 63);
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + ALPHABET.charAt((pending << (6 - bits)) & 63);
}

/** `length` bytes from base64url; padding, foreign characters and bits that no encoder sets are refused. */
export function fromBase64url(text: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let bits = 0;
  let pending = 0;
  let offset = 0;
  if (text.length !== Math.ceil((length * 4) / 3)) throw notBase64url(length);
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) throw notBase64url(length);
    pending = (pending << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (pending >> bits) & 255;
    }
    pending &= (1 << bits) - 1;
  }
  if (pending !== 0) throw notBase64url(length);
  return bytes;
}

function notBase64url(length: number): WireError {
  return new WireError("frame/invalid", `not ${length} bytes in base64url`);
}
