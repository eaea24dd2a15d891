import { decode as libraryDecode, encode as libraryEncode, rfc8949EncodeOptions } from "cborg";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, decodeCborObjects } from "./decode.ts";
import { encodeCbor } from "./encode.ts";
import { type CborInput, type CborValue, EncodingError } from "./value.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (input: Uint8Array): string => Buffer.from(input).toString("hex");

/** What was written, in the form in which it is read. */
function asRead(value: CborInput): CborValue {
  if (Array.isArray(value)) return value.map(asRead);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value as CborValue;
  return new Map(Object.entries(value).map(([key, item]) => [key, asRead(item as CborInput)]));
}

/** Numbers around the sizes of their encodings, lengths too. */
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc
    .constantFrom(23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER)
    .chain((edge) => fc.constantFrom(edge, -edge, -1 - edge).filter(Number.isSafeInteger)),
);
const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary", maxLength: 300 }));
const { value } = fc.letrec<{ value: CborInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<CborInput>(null, true, false),
    number,
    text,
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 30 }),
    fc.dictionary(fc.string({ unit: "binary", maxLength: 30 }), tie("value"), { maxKeys: 8, noNullPrototype: true }),
  ),
}));

describe("beside an independent library", () => {
  test("the same bytes are written", () => {
    fc.assert(
      fc.property(value, (input) => {
        expect(hex(encodeCbor(input))).toBe(hex(libraryEncode(input, rfc8949EncodeOptions)));
      }),
    );
  });

  test("whatever is read from arbitrary bytes is what the library reads", () => {
    let accepted = 0;
    // Initial bytes of short items, so that noise is often an encoding.
    const byte = fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x20, 0x41, 0x61, 0x62, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xf4, 0xf6));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), (noise) => {
        const input = Uint8Array.from(noise);
        let read: CborValue;
        try {
          read = decodeCbor(input);
        } catch (error) {
          expect(error).toBeInstanceOf(EncodingError);
          return;
        }
        accepted++;
        expect(read).toEqual(libraryDecode(input, { useMaps: true }));
        expect(hex(encodeCbor(read))).toBe(hex(input));
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(30);
  });
});

describe("strict CBOR", () => {
  test("whatever is written is read, and written the same again", () => {
    fc.assert(
      fc.property(value, (input) => {
        const encoded = encodeCbor(input);
        const read = decodeCbor(encoded);
        expect(encodeCbor(read)).toEqual(encoded);
        expect(read).toEqual(asRead(input));
        expect(decodeCborObjects(encoded)).toEqual(input);
      }),
    );
  });

  // RFC 8949 appendix A, as far as this subset goes.
  test.each<[string, CborInput]>([
    ["00", 0],
    ["01", 1],
    ["0a", 10],
    ["17", 23],
    ["1818", 24],
    ["1819", 25],
    ["1864", 100],
    ["1903e8", 1000],
    ["1a000f4240", 1_000_000],
    ["1b000000e8d4a51000", 1_000_000_000_000],
    ["20", -1],
    ["29", -10],
    ["3863", -100],
    ["3903e7", -1000],
    ["f4", false],
    ["f5", true],
    ["f6", null],
    ["40", new Uint8Array()],
    ["4401020304", Uint8Array.of(1, 2, 3, 4)],
    ["60", ""],
    ["6161", "a"],
    ["6449455446", "IETF"],
    ["62225c", '"\\'],
    ["62c3bc", "\u00fc"],
    ["63e6b0b4", "\u6c34"],
    ["64f0908591", "\u{10151}"],
    ["80", []],
    ["83010203", [1, 2, 3]],
    ["8301820203820405", [1, [2, 3], [4, 5]]],
    ["98190102030405060708090a0b0c0d0e0f101112131415161718181819", Array.from({ length: 25 }, (_, i) => i + 1)],
    ["a0", {}],
    ["a26161016162820203", { a: 1, b: [2, 3] }],
    ["826161a161626163", ["a", { b: "c" }]],
    ["a56161614161626142616361436164614461656145", { a: "A", b: "B", c: "C", d: "D", e: "E" }],
  ])("%s", (encoded, input) => {
    expect(hex(encodeCbor(input))).toBe(encoded);
    expect(decodeCborObjects(bytes(encoded))).toEqual(input);
  });

  test("what is read is a plain copy: changing the source changes nothing", () => {
    const encoded = Buffer.from(encodeCbor([new Uint8Array(4)]));
    const [part] = decodeCbor(encoded) as [Uint8Array];
    encoded.fill(0xff);
    expect(part).toEqual(new Uint8Array(4));
    expect(part.constructor).toBe(Uint8Array);
  });

  test("views show what the source says, changes too", () => {
    const encoded = encodeCbor([new Uint8Array(4)]);
    const [part] = decodeCbor(encoded, { views: true }) as [Uint8Array];
    encoded.fill(0xff);
    expect(part).toEqual(new Uint8Array(4).fill(0xff));
  });

  test("a text keeps the U+FEFF that it begins with, short or long", () => {
    for (const mark of ["\uFEFF", "\uFEFFa", `\uFEFF${"x".repeat(70_000)}`, "a\uFEFF"]) {
      expect(decodeCbor(encodeCbor(mark))).toBe(mark);
    }
  });

  test("keys are sorted, undefined properties left out", () => {
    expect(encodeCbor({ bb: 1, a: 2, c: undefined })).toEqual(bytes("a261610262626201"));
    // U+E000 is less than U+10000 in bytes, and more in UTF-16.
    expect([...(decodeCbor(encodeCbor({ "\u{10000}": 1, "\uE000!": 2 })) as Map<string, number>).keys()]).toEqual(["\uE000!", "\u{10000}"]);
  });

  test.each([
    ["nothing", ""],
    ["bytes after the value", "0000"],
    ["a number longer than needed", "1800"],
    ["a number of two bytes that fits one", "1900ff"],
    ["a number of four bytes that fits two", "1a0000ffff"],
    ["a number of eight bytes that fits four", "1b00000000ffffffff"],
    ["a length longer than needed", "5801ff"],
    ["a number beyond 2^53", "1bffffffffffffffff"],
    ["the number 2^53", "1b0020000000000000"],
    ["a negative number beyond 2^53", "3b001fffffffffffff"],
    ["bytes of indefinite length", "5f4101ff"],
    ["an array of indefinite length", "9f01ff"],
    ["text of indefinite length", "7f6161ff"],
    ["a map of indefinite length", "bf616101ff"],
    ["a reserved length", "1c"],
    ["a float", "f93e00"],
    ["a float that is an integer", "f93c00"],
    ["a double", "fb3ff8000000000000"],
    ["not a number", "f97e00"],
    ["infinity", "f97c00"],
    ["undefined", "f7"],
    ["another simple value", "e0"],
    ["true in a longer form", "f815"],
    ["a tag", "c000"],
    ["keys out of order", "a2616201616102"],
    ["a longer key first", "a262616101616202"],
    ["a key twice", "a2616101616102"],
    ["a key that is a number", "a10102"],
    ["a key that is bytes", "a1410102"],
    ["broken UTF-8", "62c328"],
    ["UTF-8 that ends early", "61c3"],
    ["a letter in two bytes", "62c1a1"],
    ["a letter in three bytes", "63e081a1"],
    ["a character in four bytes that fits three", "64f08fbfbf"],
    ["half of a surrogate pair", "63eda080"],
    ["a code point above U+10FFFF", "64f4908080"],
    ["text that ends early", "6361"],
    ["a number that ends early", "19ff"],
    ["an array that ends early", "8301"],
    ["an array that claims 2^32 items", "9affffffff00"],
    ["an array that claims 2^53 items", "9b001fffffffffffff00"],
    ["a map that claims 2^32 entries", "baffffffff"],
    ["bytes that claim 2^53", "5b001fffffffffffff00"],
    ["a break without a beginning", "ff"],
  ])("%s is refused", (_, encoded) => {
    expect(() => decodeCbor(bytes(encoded))).toThrow(EncodingError);
    expect(() => decodeCborObjects(bytes(encoded))).toThrow(EncodingError);
  });

  test("nesting is bounded, in reading and in writing", () => {
    const nested = (depth: number): Uint8Array => bytes(`${"81".repeat(depth)}00`);
    expect(decodeCbor(nested(16))).toBeDefined();
    expect(decodeCbor(nested(4), { maxDepth: 4 })).toBeDefined();
    for (const [depth, bound] of [
      [17, 16],
      [100_000, 16],
      [5, 4],
    ] as const) {
      expect(() => decodeCbor(nested(depth), { maxDepth: bound })).toThrow(EncodingError);
    }
    let deep: CborInput = 0;
    for (let i = 0; i < 16; i++) deep = [deep];
    expect(encodeCbor(deep)).toEqual(nested(16));
    expect(() => encodeCbor([deep])).toThrow(EncodingError);
  });

  test("neighbours do not count as nesting", () => {
    const many = Array.from({ length: 100 }, () => ({ a: [] as CborInput[], b: {} }));
    expect(decodeCbor(encodeCbor(many))).toHaveLength(100);
  });

  test.each([
    ["a fraction", 1.5],
    ["not a number", Number.NaN],
    ["a number beyond 2^53", 2 ** 53],
    ["minus zero", -0],
    ["a big integer", 1n],
    ["a function", () => 0],
    ["undefined in a list", [undefined]],
    ["half of a surrogate pair", "\uD800"],
    ["half of a pair as a key", { "\uDC00": 1 }],
    ["a map with a number for a key", new Map([[1, 1]])],
  ])("%s is not written", (_, input) => {
    expect(() => encodeCbor(input as CborInput)).toThrow(EncodingError);
  });

  test("a key named __proto__ is a key", () => {
    const encoded = bytes("a1695f5f70726f746f5f5f00");
    expect(decodeCbor(encoded)).toEqual(new Map([["__proto__", 0]]));
    expect(Object.keys(decodeCborObjects(encoded) as object)).toEqual(["__proto__"]);
  });
});
