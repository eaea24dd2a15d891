// Checks XEdDSA signatures of Curve25519 keys (facts of spec §2) by mapping the key to Edwards form and asking node:crypto for Ed25519.
// The sign of the Edwards point is in the top bit of the signature. Takes public values only.

import { createPublicKey, verify } from "node:crypto";

const P = 2n ** 255n - 19n;
/** DER of an Ed25519 public key up to its 32 bytes. */
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** Whether `signature` (64 bytes) is `key`'s (33 bytes, type 5) over `message`. False for what is no key at all. */
export function verifyXeddsa(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 33 || key[0] !== 0x05 || signature.length !== 64) return false;
  const edwards = edwardsOf(key.subarray(1), (signature[63] as number) & 0x80);
  if (edwards === undefined) return false;
  const plain = Buffer.from(signature);
  plain[63] = (signature[63] as number) & 0x7f;
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI_HEAD, edwards]), format: "der", type: "spki" });
    return verify(null, message, publicKey, plain);
  } catch {
    return false;
  }
}

/** y = (u - 1) / (u + 1), with the given sign of x. Undefined for a u that is not canonical or has no y. */
function edwardsOf(montgomery: Uint8Array, sign: number): Uint8Array | undefined {
  const u = BigInt(`0x${Buffer.from(montgomery).reverse().toString("hex")}`);
  if (u >= P || u === P - 1n) return undefined;
  const y = ((u - 1n + P) * inverse(u + 1n)) % P;
  const bytes = Buffer.from(y.toString(16).padStart(64, "0"), "hex").reverse();
  bytes[31] = (bytes[31] as number) | sign;
  return bytes;
}

/** Inverse modulo P by the extended Euclidean algorithm: the values are public, so it need not take constant time. */
function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value % P, P, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((y % P) + P) % P;
}
