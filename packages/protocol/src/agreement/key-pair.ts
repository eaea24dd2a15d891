// Key pairs on Curve25519, the one kind of key this protocol has (spec §2: account, device and ephemeral keys alike). Takes randomness or
// stored bytes, gives checked keys. What is done with them is not a concern here.

import { concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";

declare const publicKeyBrand: unique symbol;

/** A checked public key: 33 bytes, `0x05` || X25519 u-coordinate, canonical, torsion-free and not of small order. */
export type PublicKey = Uint8Array & { readonly [publicKeyBrand]: true };

/** A public key and the private scalar (32 bytes, clamped) it was made from. */
export interface KeyPair {
  readonly publicKey: PublicKey;
  readonly privateKey: Secret;
}

/** Bytes of a public key. */
export const PUBLIC_KEY_LENGTH = 33;
/** Bytes of a private key. */
export const PRIVATE_KEY_LENGTH = 32;

const TYPE_CURVE25519 = 0x05;

/** A fresh key pair: the platform's, or one from `p.randomBytes`. */
export function generateKeyPair(p: Primitives): KeyPair {
  const made = p.x25519KeyPair?.();
  if (made === undefined) return keyPairFromPrivate(p, p.randomBytes(PRIVATE_KEY_LENGTH));
  return { publicKey: typed(made.publicKey), privateKey: new Secret(made.privateKey) };
}

/** The key pair of 32 private bytes, which are clamped in a copy. `argument/invalid` for another length. */
export function keyPairFromPrivate(p: Primitives, privateKey: Uint8Array): KeyPair {
  if (privateKey.length !== PRIVATE_KEY_LENGTH) throw new ProtocolError("argument/invalid", "a private key has 32 bytes");
  const scalar = clamp(privateKey);
  // A multiple of the base point by a clamped scalar always has prime order: nothing to check.
  return { publicKey: typed(p.x25519PublicKey(scalar)), privateKey: new Secret(scalar) };
}

const typed = (u: Uint8Array): PublicKey => concat(Uint8Array.of(TYPE_CURVE25519), u) as PublicKey;

/**
 * A public key out of bytes that somebody else made. `agreement/invalid-key` for a wrong length or type byte, an unreduced coordinate, a
 * point of small order, with a torsion part, or on the twist: such keys leave an agreement that the other side can predict or vary.
 */
export function parsePublicKey(p: Primitives, bytes: Uint8Array): PublicKey {
  if (bytes.length !== PUBLIC_KEY_LENGTH || bytes[0] !== TYPE_CURVE25519) {
    throw new ProtocolError("agreement/invalid-key", "not a public key: expected 33 bytes that begin with 0x05");
  }
  if (!isPrimeOrder(p, bytes.subarray(1))) {
    throw new ProtocolError("agreement/invalid-key", "not a usable public key: the point is not in the prime-order group");
  }
  return bytes.slice() as PublicKey;
}

/**
 * 5L - 1, little-endian, where L is the prime order of the group: congruent to -1 modulo L, and a scalar that RFC 7748's clamping leaves as
 * it is.
 */
const MINUS_ONE = concat(
  Uint8Array.of(0xa0, 0x23, 0xcd, 0xd0, 0x83, 0xef, 0x5b, 0xb8, 0x2f, 0x10, 0xd6, 0x2e, 0x59, 0xe1, 0x5a, 0x68),
  new Uint8Array(15),
  Uint8Array.of(0x50),
);

/**
 * Whether u is the canonical coordinate of a point of order L, by one X25519. With k = 5L - 1, kP has the u of P only if kP = P or kP = -P,
 * so only if the order of P divides 5L - 2 or 5L. Orders on the curve divide 8L and on its twist 4L' (L' prime): both numbers are odd, L
 * divides the second alone and L' neither, which leaves L. Besides, u = 0 goes to 0; and what comes out is canonical.
 */
function isPrimeOrder(p: Primitives, u: Uint8Array): boolean {
  return equalBytes(p.x25519(MINUS_ONE, u), u) && !equalBytes(u, new Uint8Array(u.length));
}

/** The 32-byte u-coordinate of a public key, a view of it. */
export function uCoordinate(publicKey: PublicKey): Uint8Array {
  return publicKey.subarray(1);
}

function clamp(privateKey: Uint8Array): Uint8Array {
  const scalar = privateKey.slice();
  scalar[0] = (scalar[0] as number) & 0xf8;
  scalar[31] = ((scalar[31] as number) & 0x7f) | 0x40;
  return scalar;
}
