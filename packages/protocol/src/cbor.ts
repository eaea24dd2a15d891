// Strict, deterministic CBOR (RFC 8949 §4.2): the one form in which this protocol writes anything that is not a fixed layout. Takes and
// gives plain values: maps with text keys, arrays, byte strings, text, integers, booleans, null. One value has one encoding, and no other
// is read. What the fields of a map mean is not a concern here: see fields.ts.

import { Tokenizer, decode, encode, rfc8949EncodeOptions } from "cborg";
import { equalBytes } from "./bytes.ts";
import { ProtocolError, type ProtocolErrorCode } from "./errors.ts";
import { MAX_CBOR_DEPTH } from "./limits.ts";

/** What can be written. A property that is `undefined` is left out. */
export type CborInput =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly CborInput[]
  | { readonly [key: string]: CborInput | undefined };

/** What is read: maps come as `Map`, in the order of their encoding, with text keys only. */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[] | CborMap;
/** A map as it is read. */
export type CborMap = ReadonlyMap<string, CborValue>;

/** The one encoding of a value. `argument/invalid` for floats, unsafe integers, text that is not well-formed and nesting too deep. */
export function encodeCbor(value: CborInput | CborValue): Uint8Array {
  requireEncodable(value, 0);
  // A plain array of its own: in Node the library gives a `Buffer`, whose slices are views.
  return new Uint8Array(encode(value, { ...rfc8949EncodeOptions, ignoreUndefinedProperties: true }));
}

/** Reads what `encodeCbor` wrote and nothing else. Fails with `code`, naming `what`: no indefinite lengths, floats, tags, repeated or unsorted keys. */
export function decodeCbor(bytes: Uint8Array, what: string, code: ProtocolErrorCode = "decode/invalid"): CborValue {
  const invalid = (): ProtocolError => new ProtocolError(code, `${what} is not the CBOR that this protocol writes`);
  try {
    const plain = new Uint8Array(bytes);
    const value = decode(plain, { ...STRICT, tokenizer: new BoundedTokenizer(plain, STRICT) }) as CborValue;
    // The library already refuses most other spellings. Encoding again refuses all of them, whatever they are: floats that are integers,
    // unsorted keys, broken UTF-8.
    if (equalBytes(encodeCbor(value), bytes)) return value;
  } catch {
    throw invalid();
  }
  throw invalid();
}

/** Whether a value that was read is a map. */
export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map;
}

const STRICT = {
  strict: true,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowBigInt: false,
  allowInfinity: false,
  allowNaN: false,
} as const;

/** The library's tokens, with a bound on nesting (its decoder is recursive), and with the U+FEFF that its text decoder swallows. */
class BoundedTokenizer extends Tokenizer {
  /** How many items are still to come in each container that is open. */
  readonly #open: number[] = [];

  override next(): ReturnType<Tokenizer["next"]> {
    const start = this.pos();
    const token = super.next();
    const top = this.#open.length - 1;
    if (top >= 0) this.#open[top] = (this.#open[top] as number) - 1;
    const { name } = token.type;
    if (name === "array" || name === "map") this.#open.push(name === "map" ? 2 * (token.value as number) : (token.value as number));
    if (this.#open.length > MAX_CBOR_DEPTH) throw new RangeError("nested too deep");
    while (this.#open.at(-1) === 0) this.#open.pop();
    if (name === "string" && startsWithMark(this.data, start)) token.value = `\uFEFF${token.value as string}`;
    return token;
  }
}

/** Whether the text item at `start` begins with EF BB BF, after its header of 1, 2, 3 or 5 bytes. */
function startsWithMark(data: Uint8Array, start: number): boolean {
  const minor = (data[start] as number) & 0x1f;
  const text = start + (minor < 24 ? 1 : minor === 24 ? 2 : minor === 25 ? 3 : 5);
  const length = minor < 24 ? minor : 3;
  return length >= 3 && data[text] === 0xef && data[text + 1] === 0xbb && data[text + 2] === 0xbf;
}

function requireEncodable(value: CborInput | CborValue | undefined, depth: number): void {
  if (depth > MAX_CBOR_DEPTH) throw new ProtocolError("argument/invalid", "a value is nested too deep");
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new ProtocolError("argument/invalid", "a number is not a safe integer");
  } else if (typeof value === "string") {
    if (!value.isWellFormed()) throw new ProtocolError("argument/invalid", "a text holds half of a surrogate pair");
  } else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
    for (const [key, item] of value instanceof Map ? (value as CborMap) : Object.entries(value)) {
      if (typeof key !== "string") throw new ProtocolError("argument/invalid", "the keys of a map are text");
      requireEncodable(key, depth);
      requireEncodable(item as CborInput, depth + 1);
    }
  }
}
