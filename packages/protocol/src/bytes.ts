// Byte strings: joining, comparing, fixed-size integers, and a bounded reader for fixed layouts.

import { ProtocolError } from "./errors.ts";

/** `||`: the parts one after the other, in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Whether two byte strings are the same, in time that depends on their lengths only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** Order as byte strings: negative, zero, positive. For public values only (not constant-time). */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A label of the specification as bytes. Labels are ASCII. */
export function ascii(label: string): Uint8Array {
  const bytes = new Uint8Array(label.length);
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i);
    if (code > 0x7f) throw new ProtocolError("argument/invalid", "a label is ASCII");
    bytes[i] = code;
  }
  return bytes;
}

/** Writes an unsigned big-endian integer of `size` bytes at `offset`. `argument/invalid` for what is none. */
export function writeBigEndian(into: Uint8Array, offset: number, size: 2 | 4 | 8, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
    throw new ProtocolError("argument/invalid", `not an unsigned integer of ${size} bytes`);
  }
  let rest = value;
  for (let i = offset + size - 1; i >= offset; i--) {
    into[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function bigEndian(value: number, size: 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(size);
  writeBigEndian(bytes, 0, size, value);
  return bytes;
}

/** BE2: unsigned, 2 bytes, big-endian. */
export const be2 = (value: number): Uint8Array => bigEndian(value, 2);
/** BE4: unsigned, 4 bytes, big-endian. */
export const be4 = (value: number): Uint8Array => bigEndian(value, 4);
/** BE8: unsigned, 8 bytes, big-endian; values up to 2^53 - 1. */
export const be8 = (value: number): Uint8Array => bigEndian(value, 8);

/** Reads a fixed layout from front to back. Every read is bounded; `end()` refuses bytes that are left. Fails with `decode/invalid`. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #offset = 0;

  /** @param what the name of the layout, for the error */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** The next `length` bytes, copied. */
  take(length: number): Uint8Array {
    const from = this.#pass(length);
    return this.#bytes.slice(from, this.#offset);
  }

  byte(): number {
    return this.#bytes[this.#pass(1)] as number;
  }

  /** An unsigned big-endian integer of `size` bytes, at most 2^53 - 1. */
  uint(size: 2 | 4 | 8): number {
    let value = 0;
    for (let at = this.#pass(size); at < this.#offset; at++) value = value * 256 + (this.#bytes[at] as number);
    if (!Number.isSafeInteger(value)) throw new ProtocolError("decode/invalid", `${this.#what} holds a number that is too large`);
    return value;
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#offset);
  }

  end(): void {
    if (this.#offset !== this.#bytes.length) throw new ProtocolError("decode/invalid", `${this.#what} is too long`);
  }

  /** Moves on by `length` bytes and gives the offset where they begin. */
  #pass(length: number): number {
    const from = this.#offset;
    if (from + length > this.#bytes.length) throw new ProtocolError("decode/invalid", `${this.#what} is too short`);
    this.#offset = from + length;
    return from;
  }
}
