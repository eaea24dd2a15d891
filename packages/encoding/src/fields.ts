// Reads a CBOR map field by field, each with its type and bound, so that a decoder is a list of what it accepts. Takes a decoded map, gives
// typed values. Unknown fields are refused by `end()`: what has a new field has a new type or format, and is never half understood.

import type { CborMap, CborValue } from "./value.ts";

/** The fields of one map. */
export class Fields {
  readonly #map: CborMap;
  readonly #what: string;
  readonly #error: (problem: string) => Error;
  readonly #read = new Set<string>();

  /**
   * @param what the name of the map, for errors
   * @param error makes the error that every reader fails with
   */
  constructor(value: CborValue | undefined, what: string, error: (problem: string) => Error) {
    if (!(value instanceof Map)) throw error(`${what} is not a map`);
    this.#map = value;
    this.#what = what;
    this.#error = error;
  }

  has(name: string): boolean {
    return this.#map.has(name);
  }

  /** Bytes of exactly `length`. */
  bytes(name: string, length: number): Uint8Array {
    const value = this.bytesUpTo(name, length);
    if (value.length !== length) throw this.invalid(name, `does not have ${length} bytes`);
    return value;
  }

  /** Bytes, at most `limit`. */
  bytesUpTo(name: string, limit: number): Uint8Array {
    const value = this.value(name);
    if (!(value instanceof Uint8Array)) throw this.invalid(name, "is not a byte string");
    if (value.length > limit) throw this.invalid(name, `is longer than ${limit} bytes`);
    return value;
  }

  /** Text of at most `limit` UTF-16 units. */
  text(name: string, limit: number): string {
    const value = this.value(name);
    if (typeof value !== "string") throw this.invalid(name, "is not text");
    if (value.length > limit) throw this.invalid(name, `is longer than ${limit} characters`);
    return value;
  }

  /** An integer from 0 to `limit`. */
  uint(name: string, limit = Number.MAX_SAFE_INTEGER): number {
    const value = this.value(name);
    if (typeof value !== "number" || value < 0 || value > limit) throw this.invalid(name, `is not a number from 0 to ${limit}`);
    return value;
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    if (typeof value !== "boolean") throw this.invalid(name, "is neither true nor false");
    return value;
  }

  /** At most `limit` items, each byte strings of at most `length` bytes (exactly, when `exact`). */
  byteStrings(name: string, limit: number, length: number, exact = false): readonly Uint8Array[] {
    return this.array(name, limit).map((item) => {
      const fits = item instanceof Uint8Array && (exact ? item.length === length : item.length <= length);
      if (!fits) throw this.invalid(name, `holds what is not a byte string of ${exact ? "" : "at most "}${length} bytes`);
      return item;
    });
  }

  /** At most `limit` items, each text of at most `length` UTF-16 units. */
  texts(name: string, limit: number, length: number): readonly string[] {
    return this.array(name, limit).map((item) => {
      if (typeof item === "string" && item.length <= length) return item;
      throw this.invalid(name, `holds what is not text of at most ${length} characters`);
    });
  }

  /** At most `limit` items of any kind. */
  array(name: string, limit: number): readonly CborValue[] {
    const value = this.value(name);
    if (!Array.isArray(value)) throw this.invalid(name, "is not an array");
    if (value.length > limit) throw this.invalid(name, `has more than ${limit} items`);
    return value as readonly CborValue[];
  }

  /** A map inside the map, read by `read`; fields that it left are refused. */
  map<T>(name: string, read: (fields: Fields) => T): T {
    return this.#whole(this.value(name), name, read);
  }

  /** At most `limit` maps, each read by `read`; fields that it left are refused. */
  maps<T>(name: string, limit: number, read: (fields: Fields) => T): readonly T[] {
    return this.array(name, limit).map((item) => this.#whole(item, `one of ${name}`, read));
  }

  /** Whatever is there. */
  value(name: string): CborValue {
    const value = this.#map.get(name);
    if (value === undefined) throw this.invalid(name, "is missing");
    this.#read.add(name);
    return value;
  }

  /** Refuses fields that nobody asked for. */
  end(): void {
    for (const name of this.#map.keys()) if (!this.#read.has(name)) throw this.invalid("a field", "is not known");
  }

  /** The error for a field that is there and not acceptable. */
  invalid(name: string, problem: string): Error {
    return this.#error(`${this.#what}: ${name} ${problem}`);
  }

  #whole<T>(value: CborValue, what: string, read: (fields: Fields) => T): T {
    const fields = new Fields(value, `${this.#what}: ${what}`, this.#error);
    const whole = read(fields);
    fields.end();
    return whole;
  }
}
