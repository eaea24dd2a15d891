import { base32nopad, base64urlnopad, bech32m, hex as libraryHex } from "@scure/base";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBech32m, encodeBech32m } from "./bech32m.ts";
import { base32, base64url, hex, type Radix } from "./radix.ts";
import { EncodingError } from "./value.ts";

const bytes = fc.uint8Array({ maxLength: 80 });

describe.each<[string, Radix, { encode(bytes: Uint8Array): string; decode(text: string): Uint8Array }]>([
  ["hexadecimal", hex, libraryHex],
  ["base32", base32, base32nopad],
  ["base64url", base64url, base64urlnopad],
])("%s", (_, ours, library) => {
  test("is what an independent library writes and reads", () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const text = ours.encode(input);
        expect(text).toBe(library.encode(input));
        expect(ours.decode(text)).toEqual(input);
      }),
    );
  });

  test("a damaged text is refused, or is what its bytes are written as", () => {
    const damaged = fc.tuple(bytes, fc.nat(200), fc.constantFrom("", "A", "a", "7", "=", "é", "😀", "-"));
    fc.assert(
      fc.property(damaged, ([input, at, instead]) => {
        const text = ours.encode(input);
        const other = text.slice(0, at) + instead + text.slice(at + 1);
        try {
          expect(ours.encode(ours.decode(other))).toBe(other);
        } catch (error) {
          expect(error).toBeInstanceOf(EncodingError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test.each([
  [base32, "A", "characters too many"],
  [base32, "AB", "bits that no writer sets"],
  [base64url, "A", "characters too many"],
  [base64url, "AB", "bits that no writer sets"],
  [base64url, "AA==", "padding"],
  [base64url, "+/AA", "the other alphabet"],
  [hex, "0", "half a byte"],
  [hex, "AB", "upper case"],
] as const)("%o refuses %s: %s", (radix, text, _) => {
  expect(() => radix.decode(text)).toThrow(EncodingError);
});

describe("bech32m", () => {
  const prefix = fc.string({ unit: fc.constantFrom(..."abcxyz"), minLength: 1, maxLength: 10 });

  test("is what an independent library writes and reads", () => {
    fc.assert(
      fc.property(prefix, bytes, (hrp, input) => {
        const text = encodeBech32m(hrp, input);
        expect(text).toBe(bech32m.encode(hrp, bech32m.toWords(input), 500));
        expect(decodeBech32m(hrp, text)).toEqual(input);
        expect(decodeBech32m(hrp, text.toUpperCase())).toEqual(input);
      }),
    );
  });

  // BIP-350, of those whose data are whole bytes.
  test.each([
    ["a", "a1lqfn3a", ""],
    ["abcdef", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "ffbbcdeb38bdab49ca307b9ac5a928398a418820"],
    ["?", "?1v759aa", ""],
  ])("%s: %s", (hrp, text, expected) => {
    expect(hex.encode(decodeBech32m(hrp, text))).toBe(expected);
    expect(encodeBech32m(hrp, hex.decode(expected))).toBe(text);
  });

  test("notices up to four changed characters", () => {
    const text = encodeBech32m("sotto", new Uint8Array(32).fill(7));
    const changes = fc.uniqueArray(fc.integer({ min: 6, max: text.length - 1 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 31 }), (places, step) => {
        const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
        const changed = [...text];
        for (const place of places) changed[place] = alphabet[(alphabet.indexOf(changed[place] as string) + step) % 32] as string;
        expect(() => decodeBech32m("sotto", changed.join(""))).toThrow(EncodingError);
      }),
    );
  });

  test("a character that another alphabet writes alike is another one", () => {
    const text = "ABCDEF1L7AUM6ECHK45NJ3S0WDVT2FG8X9YRZPQZD3RYX";
    expect(decodeBech32m("abcdef", text)).toHaveLength(20);
    // The sign of Kelvin, which is a "k" in lower case.
    expect(() => decodeBech32m("abcdef", text.replace("K", "\u212A"))).toThrow(EncodingError);
  });

  test.each([
    ["another prefix", "sottp1qqqqqq"],
    ["no separator", "sottoqqqqqqq"],
    ["mixed case", "a1LQFN3a"],
    ["a foreign character", "a1lqfb3a"],
    ["no checksum", "a1"],
    ["a checksum of bech32", "a12uel5l"],
  ])("%s is refused", (_, text) => {
    expect(() => decodeBech32m("a", text)).toThrow(EncodingError);
    expect(() => decodeBech32m("sotto", text)).toThrow(EncodingError);
  });
});
