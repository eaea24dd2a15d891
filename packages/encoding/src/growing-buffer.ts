// Bytes that are being written, front to back, in a buffer that grows. Secrets pass through it: a buffer is wiped when it is outgrown and when
// the writing ends. Gives offsets to write at, and at the end the bytes. What is written is not a concern here.

/** The wiped buffer of the last writing that ended: to make one costs as much as to fill it. */
let spare: Uint8Array<ArrayBuffer> | undefined;
/** Bytes of a new buffer. */
const FIRST_LENGTH = 2048;
/** Bytes of the largest buffer that is kept. */
const LARGEST_SPARE = 16_384;

const NOTHING = new Uint8Array();

/** One writing. */
export class GrowingBuffer {
  #bytes = spare ?? new Uint8Array(FIRST_LENGTH);
  #length = 0;

  constructor() {
    spare = undefined;
  }

  /** Where to write: another array after each `extend`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Makes room for `count` bytes more and gives the offset where they go. */
  extend(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes.fill(0, 0, at);
      this.#bytes = grown;
    }
    return at;
  }

  append(bytes: Uint8Array): void {
    const at = this.extend(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** What was written, in an array of its own; the buffer is wiped and empty. */
  finish(): Uint8Array {
    const whole = this.#bytes.slice(0, this.#length);
    this.#bytes.fill(0, 0, this.#length);
    if (this.#bytes.length <= LARGEST_SPARE) spare = this.#bytes;
    this.#bytes = NOTHING;
    this.#length = 0;
    return whole;
  }
}
