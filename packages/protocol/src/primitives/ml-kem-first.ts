// The first half of an ML-KEM-768 encapsulation: u and the shared secret, from rho and H(ek) alone, before the rest of the key is known.
// The library has only whole encapsulations, so this is K-PKE's u = NTT^-1(A^T r) + e1 over its transform, sampler included. Whole and
// halves are held together by a test. FIPS 203 algorithms 7, 8, 11, 14, 17.

import { sha3_512, shake256 } from "@noble/hashes/sha3.js";
import { XOF128, genCrystals } from "@noble/post-quantum/_crystals.js";

const K = 3;
const N = 256;
const Q = 3329;
const ETA = 2;
const DU = 10;

const { NTT, nttZetas } = genCrystals<Uint16Array>({
  N,
  Q,
  F: 3303,
  ROOT_OF_UNITY: 17,
  newPoly: (n) => new Uint16Array(n),
  brvBits: 7,
  isKyber: true,
});

/** ct1 (960 bytes: u, compressed to 10 bits) and the shared secret (32), from rho (32), H(ek) (32) and the message m (32). */
export function encapsulateFirst(rho: Uint8Array, keyHash: Uint8Array, message: Uint8Array): { u: Uint8Array; sharedSecret: Uint8Array } {
  const seed = new Uint8Array(64);
  seed.set(message);
  seed.set(keyHash, 32);
  const expanded = sha3_512(seed);
  const coins = expanded.subarray(32);
  const r = Array.from({ length: K }, (_, i) => NTT.encode(sampleNoise(coins, i)));
  const matrix = XOF128(rho);
  const u = new Uint8Array((K * N * DU) / 8);
  for (let i = 0; i < K; i++) {
    const sum = new Uint16Array(N);
    for (let j = 0; j < K; j++) addProduct(sum, sampleUniform(matrix.get(i, j)), r[j] as Uint16Array);
    const polynomial = NTT.decode(sum);
    const noise = sampleNoise(coins, K + i);
    for (let n = 0; n < N; n++) polynomial[n] = ((polynomial[n] as number) + (noise[n] as number)) % Q;
    compress(polynomial, u, (i * N * DU) / 8);
  }
  matrix.clean();
  return { u, sharedSecret: expanded.slice(0, 32) };
}

function sampleUniform(block: () => Uint8Array): Uint16Array {
  const polynomial = new Uint16Array(N);
  for (let n = 0; n < N;) {
    const bytes = block();
    for (let i = 0; n < N && i + 3 <= bytes.length; i += 3) {
      const [a, b, c] = [bytes[i] as number, bytes[i + 1] as number, bytes[i + 2] as number];
      const low = a | ((b & 0x0f) << 8);
      const high = (b >> 4) | (c << 4);
      if (low < Q) polynomial[n++] = low;
      if (n < N && high < Q) polynomial[n++] = high;
    }
  }
  return polynomial;
}

/** Centered binomial with eta = 2: each coefficient is the difference of two pairs of bits. */
function sampleNoise(coins: Uint8Array, nonce: number): Uint16Array {
  const input = new Uint8Array(33);
  input.set(coins);
  input[32] = nonce;
  const bits = shake256(input, { dkLen: (ETA * N) / 4 });
  const polynomial = new Uint16Array(N);
  for (let n = 0; n < N; n++) {
    const nibble = ((bits[n >> 1] as number) >> (4 * (n & 1))) & 0x0f;
    const difference = (nibble & 1) + ((nibble >> 1) & 1) - ((nibble >> 2) & 1) - (nibble >> 3);
    polynomial[n] = (difference + Q) % Q;
  }
  return polynomial;
}

function addProduct(sum: Uint16Array, a: Uint16Array, b: Uint16Array): void {
  for (let i = 0; i < N / 2; i++) {
    const zeta = nttZetas[64 + (i >> 1)] as number;
    const gamma = i & 1 ? Q - zeta : zeta;
    const [a0, a1, b0, b1] = [a[2 * i] as number, a[2 * i + 1] as number, b[2 * i] as number, b[2 * i + 1] as number];
    sum[2 * i] = ((sum[2 * i] as number) + a0 * b0 + ((a1 * b1) % Q) * gamma) % Q;
    sum[2 * i + 1] = ((sum[2 * i + 1] as number) + a0 * b1 + a1 * b0) % Q;
  }
}

/** Rounds each coefficient to 10 bits and packs them, least significant bit first. */
function compress(polynomial: Uint16Array, into: Uint8Array, offset: number): void {
  let held = 0;
  let bits = 0;
  let at = offset;
  for (const coefficient of polynomial) {
    const rounded = Math.floor(((coefficient << DU) + (Q >> 1)) / Q) & ((1 << DU) - 1);
    held |= rounded << bits;
    for (bits += DU; bits >= 8; bits -= 8) {
      into[at++] = held & 0xff;
      held >>>= 8;
    }
  }
}
