// Arithmetic on scalars of the prime-order group, modulo L, for XEdDSA (spec §2). Scalars are 32 bytes little-endian. BigInt is not
// constant-time by contract; what varies here is the time of single big multiplications, not which ones are done.

/** L, the order of the prime-order group of Curve25519 (RFC 8032 §5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** A little-endian integer of any length, reduced modulo L. */
export function reduceScalar(bytes: Uint8Array): Uint8Array {
  return toBytes(toNumber(bytes) % L);
}

/** (a x b + c) mod L. */
export function multiplyAdd(a: Uint8Array, b: Uint8Array, c: Uint8Array): Uint8Array {
  return toBytes((toNumber(a) * toNumber(b) + toNumber(c)) % L);
}

const toHex = (byte: number): string => byte.toString(16).padStart(2, "0");

function toNumber(littleEndian: Uint8Array): bigint {
  return BigInt(`0x${Array.from(littleEndian, toHex).toReversed().join("")}`);
}

function toBytes(number: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  let rest = number;
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}
