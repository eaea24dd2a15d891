import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzDecoder } from "../test/support/index.ts";
import { type CborInput, type CborValue, decodeCbor, encodeCbor } from "./cbor.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const invalid = expect.objectContaining({ code: "decode/invalid" });

/** What was written, in the form in which it is read. */
function asRead(value: CborInput): CborValue {
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value as CborValue;
  return new Map(Object.entries(value).map(([key, item]) => [key, asRead(item as CborInput)]));
}

const { value } = fc.letrec<{ value: CborInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<CborInput>(null, true, false),
    fc.maxSafeInteger(),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 12 }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe("strict CBOR", () => {
  test("whatever is written is read, and written the same again", () => {
    fc.assert(
      fc.property(value, (input) => {
        const encoded = encodeCbor(input);
        const read = decodeCbor(encoded, "a value");
        expect(encodeCbor(read)).toEqual(encoded);
        expect(read).toEqual(asRead(input));
      }),
    );
  });

  test("what is read is a plain copy: changing the source changes nothing", () => {
    const encoded = encodeCbor([new Uint8Array(4)]);
    const [part] = decodeCbor(encoded, "a value") as [Uint8Array];
    encoded.fill(0xff);
    expect(part).toEqual(new Uint8Array(4));
    expect(part.constructor).toBe(Uint8Array);
    expect(encoded.constructor).toBe(Uint8Array);
  });

  test("a text keeps the U+FEFF that it begins with, short or long", () => {
    for (const text of [
      "\uFEFF",
      "\uFEFFa",
      `\uFEFF${"x".repeat(40)}`,
      `\uFEFF${"x".repeat(400)}`,
      `\uFEFF${"x".repeat(70_000)}`,
      "a\uFEFF",
    ]) {
      expect(decodeCbor(encodeCbor(text), "a text")).toBe(text);
    }
  });

  test("keys are sorted, undefined properties left out", () => {
    expect(encodeCbor({ bb: 1, a: 2, c: undefined })).toEqual(bytes("a2616102626262 01".replaceAll(" ", "")));
  });

  test.each([
    ["nothing", ""],
    ["bytes after the value", "0000"],
    ["a number longer than needed", "1800"],
    ["a length longer than needed", "5801ff"],
    ["a number beyond 2^53", "1bffffffffffffffff"],
    ["an array of indefinite length", "9f01ff"],
    ["text of indefinite length", "7f6161ff"],
    ["a map of indefinite length", "bf616101ff"],
    ["a float", "f93e00"],
    ["a float that is an integer", "f93c00"],
    ["a double", "fb3ff8000000000000"],
    ["not a number", "f97e00"],
    ["infinity", "f97c00"],
    ["undefined", "f7"],
    ["another simple value", "e0"],
    ["a tag", "c000"],
    ["keys out of order", "a2616201616102"],
    ["a key twice", "a2616101616102"],
    ["a key that is a number", "a10102"],
    ["a key that is bytes", "a1410102"],
    ["broken UTF-8", "62c328"],
    ["half of a surrogate pair", "63eda080"],
    ["text that ends early", "6361"],
    ["an array that ends early", "8301"],
    ["an array that claims 2^32 items", "9affffffff00"],
    ["an array that claims 2^53 items", "9b001fffffffffffff00"],
    ["a map that claims 2^32 entries", "baffffffff"],
    ["a break without a beginning", "ff"],
  ])("%s is refused", (_, hex) => {
    expect(() => decodeCbor(bytes(hex), "a value")).toThrow(invalid);
  });

  test("nesting is bounded, in reading and in writing", () => {
    const nested = (depth: number): Uint8Array => bytes(`${"81".repeat(depth)}00`);
    expect(decodeCbor(nested(16), "a value")).toBeDefined();
    expect(() => decodeCbor(nested(17), "a value")).toThrow(invalid);
    expect(() => decodeCbor(nested(100_000), "a value")).toThrow(invalid);
    let deep: CborInput = 0;
    for (let i = 0; i < 17; i++) deep = [deep];
    expect(() => encodeCbor(deep)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  });

  test("neighbours do not count as nesting", () => {
    const many = Array.from({ length: 100 }, () => ({ a: [] as CborInput[], b: {} }));
    expect(decodeCbor(encodeCbor(many), "a value")).toHaveLength(100);
  });

  test.each([
    ["a fraction", 1.5],
    ["not a number", Number.NaN],
    ["a number beyond 2^53", 2 ** 53],
    ["minus zero", -0],
    ["half of a surrogate pair", "\uD800"],
    ["half of a pair as a key", { "\uDC00": 1 }],
  ])("%s is not written", (_, input) => {
    expect(() => encodeCbor(input as CborInput)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  });

  test("a key named __proto__ is a key", () => {
    const encoded = bytes("a1695f5f70726f746f5f5f00");
    expect(decodeCbor(encoded, "a value")).toEqual(new Map([["__proto__", 0]]));
  });

  test("damage never does anything but the typed error", () => {
    fuzzDecoder(encodeCbor({ list: [1, "two", new Uint8Array(3)], map: { deep: [[{}]] }, yes: true }), (damaged) =>
      decodeCbor(damaged, "x"),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          decodeCbor(noise, "noise");
        } catch (error) {
          expect(error).toEqual(invalid);
        }
      }),
    );
  });

  test("the error code is the caller's", () => {
    expect(() => decodeCbor(bytes("ff"), "a message", "content/invalid")).toThrow(expect.objectContaining({ code: "content/invalid" }));
  });
});
