// Writes CBOR in its one deterministic form (RFC 8949 §4.2.1): shortest lengths and numbers, keys in the order of their encodings. Takes
// plain values, or what was read; gives bytes. What the fields mean is not a concern here.

import { GrowingBuffer } from "./growing-buffer.ts";
import { utf8Length, writeUtf8 } from "./utf8.ts";
import { type CborInput, type CborMap, type CborValue, EncodingError, MAX_DEPTH } from "./value.ts";

/** The one encoding of a value. `EncodingError` for floats, unsafe integers, text that is not well-formed and nesting too deep. */
export function encodeCbor(value: CborInput | CborValue): Uint8Array {
  const output = new Output();
  write(output, value, 0);
  return output.finish();
}

function write(output: Output, value: CborInput | CborValue, depth: number): void {
  switch (typeof value) {
    case "boolean":
      return output.head(SIMPLE, value ? 21 : 20);
    case "number":
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new EncodingError("a number is not a safe integer");
      return value < 0 ? output.head(NEGATIVE, -1 - value) : output.head(UNSIGNED, value);
    case "string":
      return output.text(value);
    case "object":
      break;
    default:
      throw new EncodingError(`a ${typeof value} cannot be written`);
  }
  if (value === null) return output.head(SIMPLE, 22);
  if (value instanceof Uint8Array) return output.bytes(value);
  if (depth === MAX_DEPTH) throw new EncodingError("a value is nested too deep");
  if (Array.isArray(value)) {
    output.head(ARRAY, value.length);
    for (const item of value as readonly CborInput[]) write(output, item, depth + 1);
  } else {
    const entries = entriesOf(value as CborMap | Readonly<Record<string, CborInput>>);
    output.head(MAP, entries.length);
    for (const [key, item] of entries) {
      output.text(key);
      write(output, item, depth + 1);
    }
  }
}

type Entry = readonly [string, CborInput | CborValue];

/** What a map consists of, in order, without what is `undefined`. */
function entriesOf(map: CborMap | Readonly<Record<string, CborInput | undefined>>): readonly Entry[] {
  const entries = map instanceof Map ? [...(map as CborMap)] : Object.entries(map);
  const there = entries.filter((entry): entry is [string, CborInput] => entry[1] !== undefined);
  if (!there.every(([key]) => typeof key === "string")) throw new EncodingError("the keys of a map are text");
  return there.sort(([a], [b]) => compareKeys(a, b));
}

/** The order of the encodings: of shorter keys first, because their length comes first, then by bytes. */
function compareKeys(a: string, b: string): number {
  const longer = utf8Length(a) - utf8Length(b);
  if (longer !== 0) return longer;
  for (let i = 0; i < a.length; i++) {
    const difference = weight(a.charCodeAt(i)) - weight(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return 0;
}

/** UTF-8 orders by code points: halves of surrogate pairs, which stand for the highest ones, behind all other units. */
function weight(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}

// Major types (RFC 8949 §3.1).
const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;

/** Items one after the other. */
class Output {
  readonly #buffer = new GrowingBuffer();

  /** A major type and its number, in as few bytes as it takes. */
  head(major: number, number: number): void {
    const size = number < 24 ? 0 : number < 0x100 ? 1 : number < 0x10000 ? 2 : number < 0x100000000 ? 4 : 8;
    const at = this.#buffer.extend(1 + size);
    const { bytes } = this.#buffer;
    bytes[at] = (major << 5) | (size === 0 ? number : 24 + Math.log2(size));
    for (let rest = number, i = size; i > 0; i--, rest = Math.floor(rest / 256)) bytes[at + i] = rest % 256;
  }

  bytes(bytes: Uint8Array): void {
    this.head(BYTES, bytes.length);
    this.#buffer.append(bytes);
  }

  text(text: string): void {
    if (!text.isWellFormed()) throw new EncodingError("a text holds half of a surrogate pair");
    const length = utf8Length(text);
    this.head(TEXT, length);
    const at = this.#buffer.extend(length);
    writeUtf8(text, this.#buffer.bytes, at);
  }

  finish(): Uint8Array {
    return this.#buffer.finish();
  }
}
