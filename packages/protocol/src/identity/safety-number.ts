// The safety number: 60 digits that two people compare to know that nobody swapped a key (spec §2). Signal's numeric fingerprint version 2
// over the account keys, so one number per pair of people, whatever devices they use.

import { type PublicKey, uCoordinate } from "../agreement/key-pair.ts";
import { be2, concat } from "../bytes.ts";
import { SAFETY_NUMBER_ITERATIONS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";

/** The number that Signal's numeric fingerprint hashes first; it is 0 in fingerprint version 2, too. */
const HASH_VERSION = be2(0);
const DIGITS_PER_GROUP = 5;
const BYTES_PER_GROUP = 5;
const GROUPS_PER_PERSON = 6;

/** 60 digits without spaces, the same on both sides. */
export function safetyNumber(p: Primitives, ours: PublicKey, theirs: PublicKey): string {
  return [halfNumber(p, ours), halfNumber(p, theirs)].toSorted().join("");
}

/** What one person's digits are cut from: 64 bytes, after 5,200 rounds of SHA-512. */
export function accountFingerprint(p: Primitives, key: PublicKey): Uint8Array {
  let hash = concat(HASH_VERSION, key, uCoordinate(key));
  for (let round = 0; round < SAFETY_NUMBER_ITERATIONS; round++) hash = p.sha512(concat(hash, key));
  return hash;
}

/** One person's 30 digits: six groups of five. */
function halfNumber(p: Primitives, key: PublicKey): string {
  const hash = accountFingerprint(p, key);
  return Array.from({ length: GROUPS_PER_PERSON }, (_, group) => digits(hash, group * BYTES_PER_GROUP)).join("");
}

function digits(hash: Uint8Array, offset: number): string {
  const number = hash.subarray(offset, offset + BYTES_PER_GROUP).reduce((value, byte) => value * 256 + byte, 0);
  return String(number % 10 ** DIGITS_PER_GROUP).padStart(DIGITS_PER_GROUP, "0");
}
