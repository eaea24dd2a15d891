// CBOR at the border: strict, deterministic, bounded. Takes bytes of a stranger, gives a map whose fields are read one by one with their
// types; whatever is not exactly what the writer of the contract would have written is `frame/invalid`.
// Not its concern: what the fields mean.

import { decode, encode, rfc8949EncodeOptions, type Token, Tokenizer } from "cborg";
import { WireError } from "./errors.ts";
import { MAX_FRAME_DEPTH } from "./limits.ts";

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const;

/** What a frame may consist of. */
export type FrameValue =
  | number
  | string
  | boolean
  | Uint8Array
  | readonly FrameValue[]
  | { readonly [key: string]: FrameValue | undefined };

/** Deterministic CBOR of a frame; fields that are `undefined` are left out. */
export function encodeFrame(fields: { readonly [key: string]: FrameValue | undefined }): Uint8Array {
  // A plain array: in Node the library gives a `Buffer`, whose slices are views.
  return new Uint8Array(encode(fields, { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true }));
}

/**
 * The map in `bytes`.
 * @param what the frame's name, for the error
 * @throws WireError `frame/too-large`, `frame/invalid`
 */
export function decodeFrame(bytes: Uint8Array, maxBytes: number, what: string): Fields {
  if (bytes.length > maxBytes) throw new WireError("frame/too-large", `${what} has ${bytes.length} bytes, at most ${maxBytes} are allowed`);
  let value: unknown;
  try {
    const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    value = decode(plain, { ...STRICT, tokenizer: new ShallowTokenizer(plain, STRICT) });
    // The decoder accepts keys in any order, wide floats and broken UTF-8: only the encoder's own bytes are the frame.
    if (!sameBytes(encode(value, rfc8949EncodeOptions), bytes)) throw new Error("another encoding of the same value");
  } catch {
    throw new WireError("frame/invalid", `${what} is not deterministic CBOR`);
  }
  if (!isMap(value)) throw new WireError("frame/invalid", `${what} is not a map`);
  return new Fields(value, what);
}

/** The fields of a frame. Each is read once by name and type; `end()` refuses those that nobody asked for. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #what: string;
  readonly #read = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, what: string) {
    this.#values = values;
    this.#what = what;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /** An integer from 0 to `max`. */
  uint(name: string, max = Number.MAX_SAFE_INTEGER): number {
    const value = this.#take(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0 || value > max)
      this.#refuse(name, `an integer up to ${max}`);
    return value as number;
  }

  /** A text of at most `max` UTF-16 units. */
  text(name: string, max: number): string {
    const value = this.#take(name);
    if (typeof value !== "string" || value.length > max) this.#refuse(name, `a text of at most ${max} characters`);
    return value as string;
  }

  /** Exactly `length` bytes. */
  bytes(name: string, length: number): Uint8Array {
    const value = this.#take(name);
    if (!(value instanceof Uint8Array) || value.length !== length) this.#refuse(name, `${length} bytes`);
    return value as Uint8Array;
  }

  /** At most `max` bytes. */
  bytesUpTo(name: string, max: number): Uint8Array {
    const value = this.#take(name);
    if (!(value instanceof Uint8Array) || value.length > max) this.#refuse(name, `at most ${max} bytes`);
    return value as Uint8Array;
  }

  /** A list of at most `max` elements, each read by `element`, which throws or returns `undefined` for what it refuses. */
  list<T>(name: string, max: number, element: (value: unknown) => T | undefined): T[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length > max) this.#refuse(name, `a list of at most ${max}`);
    return (value as unknown[]).map((item) => element(item) ?? this.#refuse(name, "a list of the right elements"));
  }

  /** A map inside the frame. */
  map(name: string): Fields {
    const value = this.#take(name);
    if (!isMap(value)) this.#refuse(name, "a map");
    return new Fields(value as Record<string, unknown>, `${this.#what}'s ${name}`);
  }

  /** A list of at most `max` maps, each read by `element` and then ended: a field that `element` left is refused. */
  maps<T>(name: string, max: number, element: (fields: Fields) => T): T[] {
    return this.list(name, max, (value) => {
      if (!isMap(value)) return undefined;
      const fields = new Fields(value, `an element of ${this.#what}'s ${name}`);
      const read = element(fields);
      fields.end();
      return { read };
    }).map(({ read }) => read);
  }

  /** Refuses fields that were not read. */
  end(): void {
    const extra = Object.keys(this.#values).length - this.#read.size;
    if (extra > 0) throw new WireError("frame/invalid", `${this.#what} has ${extra} unknown fields`);
  }

  #take(name: string): unknown {
    if (!this.has(name)) throw new WireError("frame/invalid", `${this.#what} lacks "${name}"`);
    this.#read.add(name);
    return this.#values[name];
  }

  #refuse(name: string, expected: string): never {
    throw new WireError("frame/invalid", `"${name}" of ${this.#what} is not ${expected}`);
  }
}

/** Counts how deep the decoder is, so that `[[[[…` is refused before it exhausts the stack. */
class ShallowTokenizer extends Tokenizer {
  /** Values that each open array or map still lacks. */
  readonly #left: number[] = [];

  override next(): Token {
    const token = super.next();
    const last = this.#left.length - 1;
    if (last >= 0) this.#left[last] = (this.#left[last] as number) - 1;
    const { name } = token.type;
    if (name === "array" || name === "map") {
      this.#left.push(name === "map" ? 2 * token.value : token.value);
      if (this.#left.length > MAX_FRAME_DEPTH) throw new Error("nested too deeply");
    }
    while (this.#left.at(-1) === 0) this.#left.pop();
    return token;
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
