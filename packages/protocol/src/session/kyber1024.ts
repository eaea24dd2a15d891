// CRYSTALS-Kyber-1024 of round 3, which Signal's handshake speaks, over ML-KEM-1024 (FIPS 203): the same lattice, another hash
// after. (Round 3 hashes the random message first; a hash of 32 random bytes is 32 random bytes.) On the wire keys and ciphertexts begin
// with a type byte. spec/03 §2.

import { concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";

const TYPE_KYBER1024 = 0x08;
/** Bytes of a public key on the wire: type 1, key 1568. */
export const KYBER_PUBLIC_KEY = 1569;
/** Bytes of a ciphertext on the wire: type 1, ciphertext 1568. */
export const KYBER_CIPHERTEXT = 1569;

/** `publicKey` (1569 bytes, with its type byte) and the seed (64 bytes) that FIPS 203 makes the pair from. */
export interface KyberKeyPair {
  readonly publicKey: Uint8Array;
  readonly seed: Secret;
}

export function generateKyberKeyPair(p: Primitives): KyberKeyPair {
  return kyberKeyPairFromSeed(p, p.randomBytes(64));
}

/** The pair of a stored seed. */
export function kyberKeyPairFromSeed(p: Primitives, seed: Uint8Array): KyberKeyPair {
  // Of the copy: a provider that keeps imported keys knows them by their array.
  const own = seed.slice();
  return { publicKey: typed(p.mlKem1024.publicKey(own)), seed: new Secret(own) };
}

/** A ciphertext (1569) and the secret (32) in it. `agreement/invalid-key` for a key that is none. */
export function kyberEncapsulate(p: Primitives, publicKey: Uint8Array): { ciphertext: Uint8Array; secret: Uint8Array } {
  const made =
    publicKey.length === KYBER_PUBLIC_KEY && publicKey[0] === TYPE_KYBER1024 ? p.mlKem1024.encapsulate(publicKey.subarray(1)) : undefined;
  if (made === undefined) throw new ProtocolError("agreement/invalid-key", "not a Kyber-1024 public key");
  return { ciphertext: typed(made.ciphertext), secret: round3Secret(p, made.sharedSecret, made.ciphertext) };
}

/** The secret (32) in a ciphertext. A ciphertext for another key gives a secret that nobody else has: the MAC that follows fails. */
export function kyberDecapsulate(p: Primitives, keyPair: KyberKeyPair, ciphertext: Uint8Array): Uint8Array {
  if (ciphertext.length !== KYBER_CIPHERTEXT || ciphertext[0] !== TYPE_KYBER1024) {
    throw new ProtocolError("decode/invalid", "not a Kyber-1024 ciphertext");
  }
  const bare = ciphertext.subarray(1);
  return round3Secret(p, p.mlKem1024.decapsulate(keyPair.seed.expose(), bare), bare);
}

const round3Secret = (p: Primitives, shared: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  p.shake256(concat(shared, p.sha3_256(ciphertext)), 32);

const typed = (bytes: Uint8Array): Uint8Array => concat(Uint8Array.of(TYPE_KYBER1024), bytes);
