// Reads CBOR in its one deterministic form and nothing else: what `encodeCbor` would not have written is refused while it is read, not by
// writing it again. Takes bytes of a stranger, never reads past them, allocates no more than they can hold. Gives plain values. What the
// fields of a map mean is not a concern here (fields.ts).

import { readUtf8 } from "./utf8.ts";
import { type CborValue, EncodingError, MAX_DEPTH } from "./value.ts";

/** How CBOR is read. */
export interface DecodeOptions {
  /** Levels of arrays and maps inside each other. */
  readonly maxDepth?: number;
  /** Byte strings are views of the input, for large input that nobody changes; default: copies. */
  readonly views?: boolean;
}

/**
 * Reads one value that fills `bytes`. `EncodingError` for everything that `encodeCbor` does not write: indefinite lengths, floats, tags,
 * numbers longer than needed, repeated or unsorted keys, too many levels.
 */
export function decodeCbor(bytes: Uint8Array, options: DecodeOptions = {}): CborValue {
  return new Input<CborValue>(bytes, options, (entries) => new Map(entries)).whole();
}

/** As `decodeCbor`, with maps as plain objects: for records that only this device writes. */
export function decodeCborObjects(bytes: Uint8Array): unknown {
  return new Input<unknown>(bytes, {}, Object.fromEntries).whole();
}

/** One value, read from front to back. */
class Input<V> {
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  readonly #views: boolean;
  readonly #mapOf: (entries: [string, V][]) => V;
  #at = 0;

  constructor(bytes: Uint8Array, { maxDepth = MAX_DEPTH, views = false }: DecodeOptions, mapOf: (entries: [string, V][]) => V) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
    this.#views = views;
    this.#mapOf = mapOf;
  }

  whole(): V {
    const value = this.#value(0);
    if (this.#at !== this.#bytes.length) throw new EncodingError("bytes follow the value");
    return value;
  }

  #value(depth: number): V {
    const initial = this.#bytes[this.#pass(1)] as number;
    const number = this.#number(initial & 0x1f);
    return this.#item(initial >> 5, number, depth) as V;
  }

  #item(major: number, number: number, depth: number): unknown {
    switch (major) {
      case 0:
        return number;
      case 1:
        if (number === Number.MAX_SAFE_INTEGER) throw tooLarge();
        return -1 - number;
      case 2: {
        const view = this.#bytes.subarray(this.#pass(number), this.#at);
        // A copy, and of this kind: a Buffer's own `slice` is a view.
        return this.#views ? view : new Uint8Array(view);
      }
      case 3:
        return this.#text(number);
      case 4:
        return this.#array(number, depth + 1);
      case 5:
        return this.#mapOf(this.#entries(number, depth + 1));
      case 7:
        // Numbers from 24 on would be floats or simple values in a longer form.
        if (number === 20 || number === 21) return number === 21;
        if (number === 22) return null;
    }
    throw new EncodingError("a kind of value that is not written");
  }

  #text(length: number): string {
    const start = this.#pass(length);
    return readUtf8(this.#bytes, start, this.#at);
  }

  #array(count: number, depth: number): V[] {
    this.#enter(count, depth);
    return Array.from({ length: count }, () => this.#value(depth));
  }

  #entries(count: number, depth: number): [string, V][] {
    this.#enter(2 * count, depth);
    const entries: [string, V][] = [];
    // Where the key before this one is.
    let start = 0;
    let end = 0;
    for (let i = 0; i < count; i++) {
      const keyStart = this.#at;
      const initial = this.#bytes[this.#pass(1)] as number;
      if (initial >> 5 !== 3) throw new EncodingError("a key is not text");
      const key = this.#text(this.#number(initial & 0x1f));
      if (i > 0 && !this.#precedes(start, end, keyStart)) throw new EncodingError("the keys of a map are not in order");
      [start, end] = [keyStart, this.#at];
      entries.push([key, this.#value(depth)]);
    }
    return entries;
  }

  /** Refuses what is nested too deep, and more items than there can be: each takes a byte at least. */
  #enter(items: number, depth: number): void {
    if (depth > this.#maxDepth) throw new EncodingError("nested too deep");
    if (items > this.#bytes.length - this.#at) throw tooShort();
  }

  /** Whether the key at `start` comes before the one at `next`, which ends here. As encodings, neither is the beginning of the other. */
  #precedes(start: number, end: number, next: number): boolean {
    for (let i = 0; start + i < end && next + i < this.#at; i++) {
      const difference = (this.#bytes[start + i] as number) - (this.#bytes[next + i] as number);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  /** The number that belongs to an initial byte's low five bits; refuses one that would fit into less. */
  #number(low: number): number {
    if (low < 24) return low;
    if (low > 27) throw new EncodingError("a length is indefinite or reserved");
    const size = 1 << (low - 24);
    const start = this.#pass(size);
    let number = 0;
    for (let i = start; i < this.#at; i++) number = number * 256 + (this.#bytes[i] as number);
    if (number < (size === 1 ? 24 : 256 ** (size / 2))) throw new EncodingError("a number is longer than needed");
    if (number > Number.MAX_SAFE_INTEGER) throw tooLarge();
    return number;
  }

  /** Moves on by `length` bytes and gives the offset where they begin. */
  #pass(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw tooShort();
    this.#at = start + length;
    return start;
  }
}

function tooShort(): EncodingError {
  return new EncodingError("the bytes end early");
}

function tooLarge(): EncodingError {
  return new EncodingError("a number is not a safe integer");
}
