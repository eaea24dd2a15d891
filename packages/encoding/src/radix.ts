// Bytes as text: hexadecimal, base32 and base64url (RFC 4648), without padding. Takes bytes or text; a text has one meaning, and no other
// text has the same: foreign characters, unused bits that are set and characters too many are refused. Not for secrets that must not be
// timed: the alphabet is looked up.

import { EncodingError } from "./value.ts";

/** One alphabet, both ways. */
export interface Radix {
  encode(bytes: Uint8Array): string;
  /** Throws `EncodingError`. */
  decode(text: string): Uint8Array;
}

/** Lower case, two characters a byte. */
export const hex = radix("0123456789abcdef");
/** Upper case, for the alphanumeric mode of QR codes. */
export const base32 = radix("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
/** For links and paths. */
export const base64url = radix("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

function radix(alphabet: string): Radix {
  const width = Math.log2(alphabet.length);
  return {
    encode: (bytes) => Array.from(regroup(bytes, 8, width, true), (digit) => alphabet[digit]).join(""),
    decode: (text) => {
      const digits = Array.from(text, (character) => alphabet.indexOf(character));
      if (digits.includes(-1)) throw new EncodingError("a character does not belong here");
      return Uint8Array.from(regroup(digits, width, 8, false));
    },
  };
}

/**
 * Groups of `from` bits as groups of `to` bits, the most significant first. What is left at the end is filled with zeros when `pad`;
 * otherwise it must be such a filling. Throws `EncodingError`.
 */
export function regroup(groups: Iterable<number>, from: number, to: number, pad: boolean): number[] {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  for (const group of groups) {
    held = (held << from) | group;
    bits += from;
    for (; bits >= to; held &= (1 << bits) - 1) {
      bits -= to;
      out.push(held >> bits);
    }
  }
  if (!pad && (bits >= from || held !== 0)) throw new EncodingError("the last character is not what it should be");
  if (pad && bits > 0) out.push(held << (to - bits));
  return out;
}
