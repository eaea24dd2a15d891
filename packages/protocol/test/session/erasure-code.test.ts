import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addChunk, nextChunk, startDecoder, startEncoder } from "../../src/session/spqr/erasure-code.ts";
import { divide, multiply } from "../../src/session/spqr/gf16.ts";
import { fuzzDecoder } from "../support/index.ts";

const SIZES = [96, 160, 960, 1152];

describe("the field", () => {
  const word = fc.integer({ min: 0, max: 0xffff });
  test("multiplication agrees with shifts and xors", () => {
    const slow = (a: number, b: number): number => {
      let product = 0;
      for (let bit = 15; bit >= 0; bit--) {
        product <<= 1;
        if (product > 0xffff) product ^= 0x1100b;
        if ((b >> bit) & 1) product ^= a;
      }
      return product;
    };
    fc.assert(fc.property(word, word, (a, b) => multiply(a, b) === slow(a, b)));
  });
  test("division undoes multiplication", () => {
    fc.assert(fc.property(word, fc.integer({ min: 1, max: 0xffff }), (a, b) => divide(multiply(a, b), b) === a));
  });
});

describe.each(SIZES)("a message of %i bytes", (size) => {
  const count = size / 32;
  const cases = fc.record({
    message: fc.uint8Array({ minLength: size, maxLength: size }),
    indices: fc.uniqueArray(fc.oneof(fc.integer({ min: 0, max: 2 * count }), fc.integer({ min: 0, max: 0xffff })), {
      minLength: count,
      maxLength: count,
    }),
  });

  test("comes back from any distinct chunks, as many as it has, in any order", () => {
    fc.assert(
      fc.property(cases, ({ message, indices }) => {
        let receiving = startDecoder(size);
        let received: Uint8Array | undefined;
        for (const index of indices) {
          expect(received).toBeUndefined();
          const { chunk } = nextChunk({ message, next: index });
          ({ decoder: receiving, message: received } = { message: undefined, ...addChunk(receiving, chunk) });
          // The same chunk again changes nothing.
          if (received === undefined) expect(addChunk(receiving, chunk)).toEqual({ decoder: receiving });
        }
        expect(received).toEqual(message);
      }),
      { numRuns: 30 },
    );
  });
});

test("chunks count up and wrap", () => {
  const message = new Uint8Array(96).fill(7);
  expect(nextChunk(startEncoder(message)).chunk).toEqual({ index: 0, data: message.slice(0, 32) });
  const last = nextChunk({ message, next: 0xffff });
  expect(last.encoder.next).toBe(0);
});

test("a chunk of another size is refused", () => {
  fuzzDecoder(new Uint8Array(32), (data) => void addChunk(startDecoder(96), { index: 1, data }));
  expect(() => addChunk(startDecoder(96), { index: 1, data: new Uint8Array(31) })).toThrow("not a chunk");
  expect(() => addChunk(startDecoder(96), { index: 0x10000, data: new Uint8Array(32) })).toThrow("not a chunk");
});
