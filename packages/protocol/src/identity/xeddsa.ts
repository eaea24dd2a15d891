// XEdDSA: signatures with X25519 keys (spec §2), in Signal's form, where the sign of the signer's Edwards point travels in the top bit of
// the signature. Takes a key and a message, gives 64 bytes or a yes/no. What a signature means is up to the label that each caller puts
// before its message.

import { concat } from "../bytes.ts";
import { type KeyPair, type PublicKey, uCoordinate } from "../agreement/key-pair.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { multiplyAdd, reduceScalar } from "./scalar.ts";

/** Bytes of a signature: R || s. */
export const SIGNATURE_LENGTH = 64;

// hash_1 of the XEdDSA specification: 2^256 - 2, little-endian, an encoding that no point has.
const NONCE_PREFIX = new Uint8Array(32).fill(0xff);
NONCE_PREFIX[0] = 0xfe;

const SIGN_BIT = 0x80;

/** The Edwards points of key pairs that have signed: the multiplication for one costs more than all the rest of a signature. */
const points = new WeakMap<KeyPair, Uint8Array>();

function edwardsPoint(p: Primitives, ours: KeyPair, a: Uint8Array): Uint8Array {
  const point = points.get(ours) ?? p.edwards.multiplyBase(a);
  points.set(ours, point);
  return point;
}

/** Signs with `p.randomBytes(64)` mixed into the nonce, so that a repeated message gets another signature. 64 bytes. */
export function sign(p: Primitives, ours: KeyPair, message: Uint8Array): Uint8Array {
  const a = reduceScalar(ours.privateKey.expose());
  const point = edwardsPoint(p, ours, a);
  const r = reduceScalar(p.sha512(concat(NONCE_PREFIX, ours.privateKey.expose(), message, p.randomBytes(64))));
  const R = p.edwards.multiplyBase(r);
  const h = reduceScalar(p.sha512(concat(R, point, message)));
  const signature = concat(R, multiplyAdd(h, a, r));
  // s < L leaves the three top bits free: the point's sign goes where Signal puts it.
  signature[63] = (signature[63] as number) | ((point[31] as number) & SIGN_BIT);
  a.fill(0);
  r.fill(0);
  return signature;
}

/**
 * Whether `key` signed the message. Takes Signal's form and the specification's (sign bit 0, scalar negated); refuses s >= L, which would
 * give a message a second valid signature.
 */
export function verify(p: Primitives, key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false;
  const top = signature[63] as number;
  const point = p.edwards.fromMontgomery(uCoordinate(key), (top & SIGN_BIT) === 0 ? 0 : 1);
  if (point === undefined) return false;
  const plain = signature.slice();
  plain[63] = top & ~SIGN_BIT;
  return p.edwards.verify(point, message, plain);
}
