// ML-KEM-768 in pieces: the key as header and vector, the ciphertext as ct1 and ct2, so that sending can begin before everything is there.
// The pieces put together are ordinary FIPS 203 keys and ciphertexts. spec/03 §9.

import { concat, equalBytes } from "../../bytes.ts";
import type { Primitives } from "../../primitives/primitives.ts";

/** rho (32) || SHA3-256 of the encapsulation key (32). */
export const HEADER = 64;
/** t-hat, encoded. */
export const EK_VECTOR = 1152;
/** The u part of the ciphertext: needs the header only. */
export const CT1 = 960;
/** The v part of the ciphertext. */
export const CT2 = 128;

/** The seed (64) that FIPS 203 makes the key pair from is its private half, and the public half in pieces. */
export interface IncrementalKeyPair {
  readonly header: Uint8Array;
  readonly ekVector: Uint8Array;
  readonly seed: Uint8Array;
}

export function generateIncrementalKeyPair(p: Primitives): IncrementalKeyPair {
  const seed = p.randomBytes(64);
  const publicKey = p.mlKem768.publicKey(seed);
  return { header: concat(publicKey.subarray(EK_VECTOR), p.sha3_256(publicKey)), ekVector: publicKey.slice(0, EK_VECTOR), seed };
}

/** First half of encapsulation: the shared secret (32) and ct1, from the header alone. `message` (32 random bytes) is kept for the second half. */
export function encapsulateToHeader(p: Primitives, header: Uint8Array, message: Uint8Array): { ct1: Uint8Array; sharedSecret: Uint8Array } {
  const { u, sharedSecret } = p.mlKem768.encapsulateFirst(header.subarray(0, 32), header.subarray(32), message);
  return { ct1: u, sharedSecret };
}

/** Second half: ct2. `undefined` when the vector is not the one that the header announced, or malformed. */
export function encapsulateToVector(p: Primitives, header: Uint8Array, ekVector: Uint8Array, message: Uint8Array): Uint8Array | undefined {
  const publicKey = concat(ekVector, header.subarray(0, 32));
  if (!equalBytes(p.sha3_256(publicKey), header.subarray(32))) return undefined;
  return p.mlKem768.encapsulate(publicKey, message)?.ciphertext.slice(CT1);
}

export const decapsulate = (p: Primitives, seed: Uint8Array, ct1: Uint8Array, ct2: Uint8Array): Uint8Array =>
  p.mlKem768.decapsulate(seed, concat(ct1, ct2));
