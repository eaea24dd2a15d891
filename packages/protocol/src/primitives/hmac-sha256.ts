// HMAC and HKDF over SHA-256 for the short inputs of a ratchet, where calling a library costs more than the hashing: a message takes about
// twenty. Plain JavaScript, no allocation but the result, no branch on data. One suite holds it to the vectors and to the libraries.
// FIPS 180-4 §6.2, RFC 2104, RFC 5869. Not a concern here: long inputs, which native hashing does faster.

const BLOCK = 64;
const HASH = 32;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the first 8. */
const { roundConstants: K, initialState: INITIAL } = constants();

const schedule = new Int32Array(BLOCK);
const state = new Int32Array(8);
const tail = new Uint8Array(2 * BLOCK);
const pad = new Uint8Array(BLOCK);

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

/** HMAC-SHA-256, 32 bytes. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH);
  prepareKey(key, keyStates);
  authenticate(keyStates, data, out);
  return out;
}

/** HKDF-Extract, 32 bytes; no salt is 32 zero bytes. */
export function hkdfExtractSha256(salt: Uint8Array | undefined, ikm: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH);
  if (salt !== undefined) prepareKey(salt, keyStates);
  authenticate(salt === undefined ? noSaltStates : keyStates, ikm, out);
  return out;
}

/** HKDF-Expand of `prk` to `length` bytes, at most 255 x 32. */
export function hkdfExpandSha256(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const count = Math.ceil(length / HASH);
  if (count > 255) throw new RangeError("HKDF gives at most 8,160 bytes");
  const out = new Uint8Array(count * HASH);
  const input = new Uint8Array(HASH + info.length + 1);
  input.set(info, HASH);
  prepareKey(prk, prkStates);
  for (let i = 0; i < count; i++) {
    input[input.length - 1] = i + 1;
    const block = out.subarray(i * HASH, (i + 1) * HASH);
    authenticate(prkStates, i === 0 ? input.subarray(HASH) : input, block);
    input.set(block);
  }
  input.fill(0);
  return length === out.length ? out : out.slice(0, length);
}

/** HKDF: extract, then expand. */
export function hkdfSha256(salt: Uint8Array | undefined, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const prk = hkdfExtractSha256(salt, ikm);
  const out = hkdfExpandSha256(prk, info, length);
  prk.fill(0);
  return out;
}

function prepareKey(key: Uint8Array, into: KeyStates): void {
  pad.fill(0);
  if (key.length <= BLOCK) pad.set(key);
  else {
    state.set(INITIAL);
    finish(key, 0);
    writeState(pad);
  }
  for (let i = 0; i < BLOCK; i++) pad[i] = (pad[i] as number) ^ 0x36;
  into.inner.set(INITIAL);
  compress(into.inner, pad, 0);
  for (let i = 0; i < BLOCK; i++) pad[i] = (pad[i] as number) ^ 0x36 ^ 0x5c;
  into.outer.set(INITIAL);
  compress(into.outer, pad, 0);
  pad.fill(0);
}

function authenticate(key: KeyStates, data: Uint8Array, out: Uint8Array): void {
  state.set(key.inner);
  finish(data, BLOCK);
  writeState(out);
  state.set(key.outer);
  finish(out, BLOCK);
  writeState(out);
}

/** Hashes `data` and the padding into `state`, which has taken `before` bytes already. */
function finish(data: Uint8Array, before: number): void {
  const whole = data.length - (data.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) compress(state, data, at);
  const rest = data.length - whole;
  const end = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
  tail.fill(0);
  for (let i = 0; i < rest; i++) tail[i] = data[whole + i] as number;
  tail[rest] = 0x80;
  const bits = 8 * (before + data.length);
  for (let i = 1, left = bits; i <= 6; i++, left = Math.floor(left / 256)) tail[end - i] = left % 256;
  compress(state, tail, 0);
  if (end > BLOCK) compress(state, tail, BLOCK);
}

function writeState(out: Uint8Array): void {
  for (let i = 0; i < 8; i++) {
    const word = state[i] as number;
    out[4 * i] = word >>> 24;
    out[4 * i + 1] = word >>> 16;
    out[4 * i + 2] = word >>> 8;
    out[4 * i + 3] = word;
  }
}

function compress(into: Int32Array, bytes: Uint8Array, offset: number): void {
  const w = schedule;
  for (let t = 0, at = offset; t < 16; t++, at += 4) {
    w[t] = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  }
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
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + big1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number)) | 0;
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
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
