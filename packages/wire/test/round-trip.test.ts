// What is written is read again, the same, and has one encoding only.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codecs } from "./decoders.ts";

describe.each(codecs)("$name", ({ values, encode, decode }) => {
  it("reads what was written", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
      { numRuns: 100 },
    );
  });

  it("has one encoding of a value", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(encode(decode(encode(value)))).toEqual(encode(value));
      }),
      { numRuns: 30 },
    );
  });
});
