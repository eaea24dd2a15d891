import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Reader, ascii, be2, be4, be8, compareBytes, concat, equalBytes } from "./bytes.ts";

const any = fc.uint8Array({ maxLength: 40 });
const invalid = expect.objectContaining({ code: "decode/invalid" });
const misuse = expect.objectContaining({ code: "argument/invalid" });

test("concat joins in order, into an array of its own", () => {
  const part = Uint8Array.of(1, 2);
  const whole = concat(part, new Uint8Array(), Uint8Array.of(3));
  expect(whole).toEqual(Uint8Array.of(1, 2, 3));
  whole[0] = 9;
  expect(part[0]).toBe(1);
  expect(concat()).toEqual(new Uint8Array());
});

test("equality and order are those of byte strings", () => {
  fc.assert(
    fc.property(any, any, (a, b) => {
      const order = Math.sign(Buffer.compare(a, b));
      expect(Math.sign(compareBytes(a, b))).toBe(order);
      expect(equalBytes(a, b)).toBe(order === 0);
      expect(equalBytes(a, a.slice())).toBe(true);
    }),
  );
  expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
  expect(compareBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBeLessThan(0);
});

test("a label is ASCII", () => {
  expect(ascii("Sotto v1")).toEqual(new TextEncoder().encode("Sotto v1"));
  expect(() => ascii("Sotto §1")).toThrow(misuse);
});

describe("integers", () => {
  test("come back, big-endian", () => {
    const sized = [
      [be2, 2, 0xffff],
      [be4, 4, 0xffffffff],
      [be8, 8, Number.MAX_SAFE_INTEGER],
    ] as const;
    for (const [encode, size, max] of sized) {
      fc.assert(
        fc.property(fc.oneof(fc.nat({ max }), fc.constantFrom(0, 1, max)), (value) => {
          const bytes = encode(value);
          expect(bytes).toHaveLength(size);
          expect(new Reader(bytes, "number").uint(size)).toBe(value);
        }),
      );
    }
    expect(be4(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4));
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%d is none", (value) => {
    expect(() => be8(value)).toThrow(misuse);
  });

  test("that do not fit are refused", () => {
    expect(() => be2(0x10000)).toThrow(misuse);
    expect(() => be4(2 ** 32)).toThrow(misuse);
  });
});

describe("a reader", () => {
  test("gives the pieces in order and refuses to read beyond the end", () => {
    const reader = new Reader(Uint8Array.of(7, 1, 2, 3, 0, 5, 9), "layout");
    expect(reader.byte()).toBe(7);
    expect(reader.take(3)).toEqual(Uint8Array.of(1, 2, 3));
    expect(reader.uint(2)).toBe(5);
    expect(() => reader.take(2)).toThrow(invalid);
    expect(reader.rest()).toEqual(Uint8Array.of(9));
    reader.end();
    expect(() => reader.byte()).toThrow(invalid);
  });

  test("refuses what is left over, and says of which layout", () => {
    expect(() => new Reader(new Uint8Array(1), "the box").end()).toThrow("the box is too long");
    expect(() => new Reader(new Uint8Array(1), "the box").take(2)).toThrow("the box is too short");
  });

  test("refuses integers beyond 2^53", () => {
    expect(() => new Reader(Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0), "number").uint(8)).toThrow(invalid);
    expect(new Reader(Uint8Array.of(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "number").uint(8)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("gives copies", () => {
    const bytes = Uint8Array.of(1, 2);
    const piece = new Reader(bytes, "layout").take(2);
    bytes.fill(0);
    expect(piece).toEqual(Uint8Array.of(1, 2));
  });
});
