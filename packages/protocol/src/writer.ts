// Writes fixed layouts front to back, the counterpart of `Reader`: integers, byte strings of known size, and blobs behind their length.

import { writeBigEndian } from "./bytes.ts";

/** Bytes of the largest buffer that is kept. */
const LARGEST_SPARE = 16_384;

/** The wiped buffer of the last writer that finished: to make one costs as much as to fill it. */
let spare: Uint8Array<ArrayBuffer> | undefined;

function takeSpare(): Uint8Array<ArrayBuffer> {
  const buffer = spare ?? new Uint8Array(2048);
  spare = undefined;
  return buffer;
}

/** Collects bytes in one growing buffer. */
export class Writer {
  #buffer = takeSpare();
  #length = 0;

  /** Bytes whose length the layout knows. */
  fixed(bytes: Uint8Array): this {
    const at = this.#extend(bytes.length);
    this.#buffer.set(bytes, at);
    return this;
  }

  byte(value: number): this {
    const at = this.#extend(1);
    this.#buffer[at] = value;
    return this;
  }

  uint(size: 2 | 4 | 8, value: number): this {
    const at = this.#extend(size);
    writeBigEndian(this.#buffer, at, size, value);
    return this;
  }

  /** BE4 length || bytes. */
  blob(bytes: Uint8Array): this {
    return this.uint(4, bytes.length).fixed(bytes);
  }

  /** 0, or 1 and what `write` writes. */
  optional<T>(value: T | undefined, write: (value: T) => void): this {
    this.byte(value === undefined ? 0 : 1);
    if (value !== undefined) write(value);
    return this;
  }

  /** BE2 count and what `write` writes for each. */
  list<T>(items: Iterable<T> & { readonly length?: number; readonly size?: number }, write: (item: T) => void): this {
    this.uint(2, items.length ?? items.size ?? 0);
    for (const item of items) write(item);
    return this;
  }

  /** What was written; the buffer is wiped. */
  finish(): Uint8Array {
    const bytes = this.#buffer.slice(0, this.#length);
    this.#buffer.fill(0, 0, this.#length);
    if (this.#buffer.length <= LARGEST_SPARE) spare = this.#buffer;
    this.#buffer = new Uint8Array();
    this.#length = 0;
    return bytes;
  }

  /** Makes room for `count` bytes more, in another buffer if need be, and gives the offset where they go. */
  #extend(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#buffer.length));
      grown.set(this.#buffer);
      this.#buffer.fill(0);
      this.#buffer = grown;
    }
    return at;
  }
}
