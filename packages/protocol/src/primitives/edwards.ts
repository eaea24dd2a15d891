// The Edwards form of Curve25519 on noble-curves: what XEdDSA needs and no platform offers (multiplication by a given scalar, the map from
// X25519 keys). Shared by all providers; a provider replaces `verify` where its platform is faster. BigInt arithmetic is not constant-time
// by contract; noble's base multiplication is blinded, which is the best that portable JavaScript gives.

import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, hexToBytes, numberToBytesLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, equalBytes } from "../bytes.ts";
import type { Primitives } from "./primitives.ts";

const { Point } = ed25519;
const { Fp, Fn } = Point;

const SMALL_ORDER_POINTS = ED25519_TORSION_SUBGROUP.map((hex) => hexToBytes(hex));

/**
 * Whether these 32 bytes are one of the eight points of small order. Strict verification refuses them as key and as R; versions of OpenSSL
 * differ in that, so every provider asks here.
 */
export function isSmallOrder(point: Uint8Array): boolean {
  return SMALL_ORDER_POINTS.some((small) => equalBytes(small, point));
}

function decode(point: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(point, false);
  } catch {
    return undefined;
  }
}

function multiplyBase(scalar: Uint8Array): Uint8Array {
  return Point.BASE.multiply(bytesToNumberLE(scalar)).toBytes();
}

function verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const key = decode(point);
  const r = signature.subarray(0, 32);
  const s = bytesToNumberLE(signature.subarray(32));
  if (key === undefined || s >= Fn.ORDER || isSmallOrder(point) || isSmallOrder(r)) return false;
  const h = bytesToNumberLE(sha512(concat(r, point, message))) % Fn.ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(h));
  return equalBytes(expected.toBytes(), r);
}

function fromMontgomery(u: Uint8Array, sign: 0 | 1): Uint8Array | undefined {
  const uNumber = bytesToNumberLE(u);
  // RFC 7748 §4.1: y = (u - 1) / (u + 1). An unreduced u, or u = -1, names no point.
  if (u.length !== 32 || uNumber >= Fp.ORDER - 1n) return undefined;
  const y = Fp.div(Fp.create(uNumber - 1n), Fp.create(uNumber + 1n));
  const point = numberToBytesLE(y, 32);
  if (sign === 1) point[31] = (point[31] as number) | 0x80;
  return point;
}

/** The group on noble-curves. */
export const nobleEdwards: Primitives["edwards"] = { multiplyBase, verify, fromMontgomery };
