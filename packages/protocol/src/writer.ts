// Writes fixed layouts front to back, the counterpart of `Reader`: integers, byte strings of known size, and blobs behind their length.

import { GrowingBuffer } from "@sotto/encoding";
import { writeBigEndian } from "./bytes.ts";

/** Collects bytes in one growing buffer. */
export class Writer {
  readonly #buffer = new GrowingBuffer();

  /** Bytes whose length the layout knows. */
  fixed(bytes: Uint8Array): this {
    this.#buffer.append(bytes);
    return this;
  }

  byte(value: number): this {
    const at = this.#buffer.extend(1);
    this.#buffer.bytes[at] = value;
    return this;
  }

  uint(size: 2 | 4 | 8, value: number): this {
    const at = this.#buffer.extend(size);
    writeBigEndian(this.#buffer.bytes, at, size, value);
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
    return this.#buffer.finish();
  }
}
