// Chance that repeats itself: the same seed, the same numbers. For tests only: whoever knows the seed knows every key. Takes a seed and the
// name of a stream; gives numbers and bytes. Not a concern here: real randomness (the platform's).

/** A stream of chance. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any number; @param stream streams of other names are independent of each other */
  constructor(seed: number, stream = "") {
    // SplitMix32 over seed and name fills the state of xoshiro128**.
    let mixed = seed | 0;
    for (const unit of stream) mixed = Math.imul(mixed ^ (unit.codePointAt(0) ?? 0), 0x01000193) + 0x9e3779b9;
    const next = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let z = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next() | 1];
  }

  /** A number in [0, 1). */
  next(): number {
    return this.#word() / 2 ** 32;
  }

  /** `length` bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.#word() >>> 24;
    return bytes;
  }

  #word(): number {
    const result = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotated(this.#d, 11);
    return result;
  }
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
