// Bech32m (BIP-350): a prefix, bytes and a checksum that notices every four mistyped characters. Takes and gives bytes; how long a text may
// be is the caller's concern.

import { regroup } from "./radix.ts";
import { EncodingError } from "./value.ts";

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECKSUM = 6;
const CONSTANT = 0x2bc830a3;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** `prefix || "1" || bytes || checksum`, in lower case. The prefix is lower-case ASCII. */
export function encodeBech32m(prefix: string, bytes: Uint8Array): string {
  const words = regroup(bytes, 8, 5, true);
  const checksum = polymod([...expand(prefix), ...words, ...Array<number>(CHECKSUM).fill(0)]) ^ CONSTANT;
  for (let i = CHECKSUM - 1; i >= 0; i--) words.push((checksum >> (5 * i)) & 31);
  return `${prefix}1${words.map((word) => ALPHABET[word]).join("")}`;
}

/** The bytes behind `prefix`; a text all in upper case is read too. Throws `EncodingError` for another prefix and a checksum that is wrong. */
export function decodeBech32m(prefix: string, text: string): Uint8Array {
  // Of the characters beyond ASCII some are letters of ours in the other case.
  if (/[^\x21-\x7e]/.test(text)) throw new EncodingError("a character does not belong here");
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) throw new EncodingError("upper and lower case are mixed");
  const words = Array.from(lower.slice(prefix.length + 1), (character) => ALPHABET.indexOf(character));
  if (!lower.startsWith(`${prefix}1`) || words.includes(-1)) throw new EncodingError("a character does not belong here");
  if (words.length < CHECKSUM || polymod([...expand(prefix), ...words]) !== CONSTANT) throw new EncodingError("the checksum is wrong");
  return Uint8Array.from(regroup(words.slice(0, -CHECKSUM), 5, 8, false));
}

/** The prefix as the checksum sees it: the high bits of its characters, 0, the low bits. */
function expand(prefix: string): number[] {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(words: readonly number[]): number {
  let checksum = 1;
  for (const word of words) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ word;
    GENERATOR.forEach((factor, i) => {
      if ((top >> i) & 1) checksum ^= factor;
    });
  }
  return checksum;
}
