import fc from "fast-check";
import { expect, test } from "vitest";
import { Reader, be2, be4, be8, concat } from "./bytes.ts";
import { Writer } from "./writer.ts";

test("what is written is read back, wherever the buffer has to grow", () => {
  const size = fc.constantFrom(2 as const, 4 as const, 8 as const);
  const item = fc.oneof(
    fc.uint8Array({ maxLength: 700 }),
    fc.nat({ max: 255 }).map((byte) => ({ byte })),
    fc.record({ size, value: fc.nat({ max: 0xffff }) }),
  );
  fc.assert(
    fc.property(fc.array(item, { maxLength: 40 }), (items) => {
      const writer = new Writer();
      const expected: Uint8Array[] = [];
      for (const value of items) {
        if (value instanceof Uint8Array) {
          writer.fixed(value).blob(value);
          expected.push(value, be4(value.length), value);
        } else if ("byte" in value) {
          writer.byte(value.byte);
          expected.push(Uint8Array.of(value.byte));
        } else {
          writer.uint(value.size, value.value);
          expected.push({ 2: be2, 4: be4, 8: be8 }[value.size](value.value));
        }
      }
      const bytes = writer.finish();
      expect(bytes).toEqual(concat(...expected));

      const reader = new Reader(bytes, "items");
      for (const value of items) {
        if (value instanceof Uint8Array) {
          expect(reader.take(value.length)).toEqual(value);
          expect(reader.take(reader.uint(4))).toEqual(value);
        } else if ("byte" in value) expect(reader.byte()).toBe(value.byte);
        else expect(reader.uint(value.size)).toBe(value.value);
      }
      reader.end();
    }),
  );
});

test.each([-1, 0.5, 2 ** 32, Number.NaN])("%s does not fit into four bytes", (value) => {
  expect(() => new Writer().uint(4, value)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
});

test("a writer that has finished begins anew", () => {
  const writer = new Writer().fixed(new Uint8Array(5000).fill(1));
  expect(writer.finish()).toHaveLength(5000);
  expect(writer.byte(7).finish()).toEqual(Uint8Array.of(7));
});

test("writers at work at the same time do not write into each other", () => {
  new Writer().finish();
  const [one, other] = [new Writer(), new Writer()];
  one.byte(1);
  other.byte(2);
  const first = one.finish();
  one.byte(3);
  const third = new Writer().byte(4);
  expect([first, other.finish(), one.finish(), third.finish()]).toEqual([1, 2, 3, 4].map((byte) => Uint8Array.of(byte)));
});
