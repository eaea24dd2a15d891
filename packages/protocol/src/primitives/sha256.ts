// SHA-256, and HMAC and HKDF over it, for the short inputs of a ratchet, where calling a library costs more than the hashing: a message
// takes about twenty. Plain JavaScript, no allocation but the result, no branch on data. One suite holds it to the vectors and to the
// libraries. FIPS 180-4 §6.2, RFC 2104, RFC 5869. Long inputs native hashing does faster; the portable provider hashes them here all the
// same, so that a page loads one SHA-256.

const BLOCK = 64;
const HASH = 32;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const { roundConstants: K, initialState: INITIAL } = constants();

/** The message schedule; its first 16 words are the block to compress. */
const w = new Int32Array(64);
const state = new Int32Array(8);
const keyWords = new Int32Array(16);

/** A key made ready: the states after its inner and outer padding. */
interface KeyStates {
  readonly inner: Int32Array;
  readonly outer: Int32Array;
}

const freshStates = (): KeyStates => ({ inner: new Int32Array(8), outer: new Int32Array(8) });
const keyStates = freshStates();
const prkStates = freshStates();
const noSaltStates = freshStates();
prepareKey(new Uint8Array(HASH), noSaltStates);

/** SHA-256, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  copyWords(INITIAL, state, 8);
  finish(data, 0, 0);
  return writeState(new Uint8Array(HASH));
}

/** HMAC-SHA-256, 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  prepareKey(key, keyStates);
  authenticate(keyStates, data, 0);
  return writeState(new Uint8Array(HASH));
}

/** HKDF-Extract, 32 bytes; no salt is 32 zero bytes. */
export function hkdfExtractSha256(salt: Uint8Array | undefined, ikm: Uint8Array): Uint8Array {
  if (salt !== undefined) prepareKey(salt, keyStates);
  authenticate(salt === undefined ? noSaltStates : keyStates, ikm, 0);
  return writeState(new Uint8Array(HASH));
}

/** HKDF-Expand of `prk` to `length` bytes, at most 255 x 32. */
export function hkdfExpandSha256(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  if (length > 255 * HASH) throw new RangeError("HKDF gives at most 8,160 bytes");
  const out = new Uint8Array(length);
  // T(i - 1) || info || i; T(0) is empty.
  const input = new Uint8Array(HASH + info.length + 1);
  input.set(info, HASH);
  prepareKey(prk, prkStates);
  for (let i = 1, at = 0; at < length; i++, at += HASH) {
    input[input.length - 1] = i;
    authenticate(prkStates, input, i === 1 ? HASH : 0);
    writeState(input);
    for (let j = 0; j < HASH && at + j < length; j++) out[at + j] = input[j] as number;
  }
  input.fill(0);
  return out;
}

/** HKDF: extract, then expand. */
export function hkdfSha256(salt: Uint8Array | undefined, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const prk = hkdfExtractSha256(salt, ikm);
  const out = hkdfExpandSha256(prk, info, length);
  prk.fill(0);
  return out;
}

function prepareKey(key: Uint8Array, into: KeyStates): void {
  if (key.length <= BLOCK) {
    clearBlock();
    loadEnd(key, 0);
  } else {
    copyWords(INITIAL, state, 8);
    finish(key, 0, 0);
    clearBlock();
    copyWords(state, w, 8);
  }
  for (let i = 0; i < 16; i++) {
    keyWords[i] = (w[i] as number) ^ 0x5c5c5c5c;
    w[i] = (w[i] as number) ^ 0x36363636;
  }
  copyWords(INITIAL, into.inner, 8);
  compress(into.inner);
  copyWords(keyWords, w, 16);
  copyWords(INITIAL, into.outer, 8);
  compress(into.outer);
  for (let i = 0; i < 16; i++) keyWords[i] = 0;
}

/** Leaves the MAC of `data` from `from` on in `state`. */
function authenticate(key: KeyStates, data: Uint8Array, from: number): void {
  copyWords(key.inner, state, 8);
  finish(data, from, BLOCK);
  // The inner hash and its padding fill a block of known form.
  clearBlock();
  copyWords(state, w, 8);
  w[8] = 0x80 << 24;
  w[15] = 8 * (BLOCK + HASH);
  copyWords(key.outer, state, 8);
  compress(state);
}

/** Hashes `data` from `from` on and the padding into `state`, which has taken `before` bytes already. */
function finish(data: Uint8Array, from: number, before: number): void {
  let at = from;
  for (; at + BLOCK <= data.length; at += BLOCK) {
    loadBlock(data, at);
    compress(state);
  }
  clearBlock();
  loadEnd(data, at);
  const rest = data.length - at;
  w[rest >> 2] = (w[rest >> 2] as number) | (0x80 << (24 - 8 * (rest & 3)));
  if (rest + 9 > BLOCK) {
    compress(state);
    clearBlock();
  }
  const length = before + data.length - from;
  w[14] = Math.floor(length / 2 ** 29);
  w[15] = length << 3;
  compress(state);
}

function loadBlock(bytes: Uint8Array, offset: number): void {
  for (let t = 0, at = offset; t < 16; t++, at += 4) {
    w[t] = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  }
}

/** The bytes from `offset` on, at most a block of them, into a block that was cleared. */
function loadEnd(bytes: Uint8Array, offset: number): void {
  const count = bytes.length - offset;
  for (let i = 0; i < count; i++) w[i >> 2] = (w[i >> 2] as number) | ((bytes[offset + i] as number) << (24 - 8 * (i & 3)));
}

function clearBlock(): void {
  for (let i = 0; i < 16; i++) w[i] = 0;
}

function copyWords(from: Int32Array, to: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) to[i] = from[i] as number;
}

/** The state as the first 32 bytes of `out`. */
function writeState(out: Uint8Array): Uint8Array {
  for (let i = 0; i < 8; i++) {
    const word = state[i] as number;
    out[4 * i] = word >>> 24;
    out[4 * i + 1] = word >>> 16;
    out[4 * i + 2] = word >>> 8;
    out[4 * i + 3] = word;
  }
  return out;
}

/** Takes the block in `w` into a state. */
function compress(into: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] as number;
    const y = w[t - 2] as number;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = ((w[t - 16] as number) + s0 + (w[t - 7] as number) + s1) | 0;
  }
  let a = into[0] as number;
  let b = into[1] as number;
  let c = into[2] as number;
  let d = into[3] as number;
  let e = into[4] as number;
  let f = into[5] as number;
  let g = into[6] as number;
  let h = into[7] as number;
  for (let t = 0; t < 64; t++) {
    const t1 = (h + sum1(e) + (g ^ (e & (f ^ g))) + (K[t] as number) + (w[t] as number)) | 0;
    const t2 = (sum0(a) + ((a & b) ^ (c & (a ^ b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  into[0] = ((into[0] as number) + a) | 0;
  into[1] = ((into[1] as number) + b) | 0;
  into[2] = ((into[2] as number) + c) | 0;
  into[3] = ((into[3] as number) + d) | 0;
  into[4] = ((into[4] as number) + e) | 0;
  into[5] = ((into[5] as number) + f) | 0;
  into[6] = ((into[6] as number) + g) | 0;
  into[7] = ((into[7] as number) + h) | 0;
}

function sum0(x: number): number {
  return ((x >>> 2) | (x << 30)) ^ ((x >>> 13) | (x << 19)) ^ ((x >>> 22) | (x << 10));
}

function sum1(x: number): number {
  return ((x >>> 6) | (x << 26)) ^ ((x >>> 11) | (x << 21)) ^ ((x >>> 25) | (x << 7));
}

/** FIPS 180-4 §4.2.2 and §5.3.3, computed with integers so that no digit depends on a platform's roots. */
function constants(): { roundConstants: Int32Array; initialState: Int32Array } {
  const primes: bigint[] = [];
  for (let n = 2n; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  const fraction = (prime: bigint, power: 2n | 3n): number => {
    // floor(2^32 x root) by bisection; its low 32 bits are the fractional part.
    const target = prime << (32n * power);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** power <= target) low = middle;
      else high = middle;
    }
    return Number(BigInt.asIntN(32, low));
  };
  return {
    roundConstants: Int32Array.from(primes, (prime) => fraction(prime, 3n)),
    initialState: Int32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2n)),
  };
}
