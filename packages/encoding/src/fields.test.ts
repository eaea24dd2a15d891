import { describe, expect, test } from "vitest";
import { decodeCbor } from "./decode.ts";
import { encodeCbor } from "./encode.ts";
import { Fields } from "./fields.ts";
import type { CborInput } from "./value.ts";

const fields = (value: CborInput): Fields => new Fields(decodeCbor(encodeCbor(value)), "a thing", (problem) => new RangeError(problem));
const invalid = RangeError;

describe("fields", () => {
  test("give what is there", () => {
    const f = fields({
      b: new Uint8Array(2),
      t: "text",
      n: 5,
      yes: true,
      list: [new Uint8Array(2)],
      words: ["one", "two"],
      map: { inner: 1 },
      maps: [{ x: 1 }, { x: 2 }],
      any: null,
    });
    expect(f.bytes("b", 2)).toEqual(new Uint8Array(2));
    expect(f.text("t", 4)).toBe("text");
    expect(f.uint("n", 5)).toBe(5);
    expect(f.boolean("yes")).toBe(true);
    expect(f.byteStrings("list", 1, 2, true)).toEqual([new Uint8Array(2)]);
    expect(f.texts("words", 2, 3)).toEqual(["one", "two"]);
    expect(f.map("map", (inner) => inner.uint("inner"))).toBe(1);
    expect(f.maps("maps", 2, (inner) => inner.uint("x"))).toEqual([1, 2]);
    expect(f.value("any")).toBeNull();
    f.end();
  });

  const read: [string, (f: Fields) => unknown][] = [
    ["a missing field", (f) => f.uint("absent")],
    ["bytes too short", (f) => f.bytes("b", 3)],
    ["bytes too long", (f) => f.bytesUpTo("b", 1)],
    ["bytes that are text", (f) => f.bytes("t", 4)],
    ["text too long", (f) => f.text("t", 3)],
    ["text that is bytes", (f) => f.text("b", 9)],
    ["a number too large", (f) => f.uint("n", 4)],
    ["a negative number", (f) => f.uint("minus")],
    ["a number that is text", (f) => f.uint("t")],
    ["a boolean that is a number", (f) => f.boolean("n")],
    ["an array that is a map", (f) => f.array("map", 9)],
    ["an array too long", (f) => f.array("list", 0)],
    ["an item too long", (f) => f.byteStrings("list", 9, 1)],
    ["an item of another length", (f) => f.byteStrings("list", 9, 3, true)],
    ["an item that is no byte string", (f) => f.byteStrings("texts", 9, 9)],
    ["a text of many too long", (f) => f.texts("texts", 9, 0)],
    ["a text of many that is bytes", (f) => f.texts("list", 9, 9)],
    ["a map that is an array", (f) => f.map("list", () => 0)],
    ["a field of the map inside that nobody asked for", (f) => f.map("map", () => 0)],
    ["maps of which one is bytes", (f) => f.maps("list", 9, () => 0)],
    ["a field of one of the maps that nobody asked for", (f) => f.maps("maps", 9, () => 0)],
    ["a field that nobody asked for", (f) => f.end()],
  ];
  test.each(read)("%s is refused", (_, take) => {
    const f = fields({
      b: new Uint8Array(2),
      t: "text",
      n: 5,
      minus: -1,
      list: [new Uint8Array(2)],
      texts: ["a"],
      map: { inner: 1 },
      maps: [{ x: 1 }],
    });
    expect(() => take(f)).toThrow(invalid);
  });

  test("names inherited by objects are missing fields", () => {
    expect(() => fields({}).value("constructor")).toThrow(invalid);
    expect(fields({}).has("toString")).toBe(false);
  });

  test("what is no map has no fields", () => {
    expect(() => fields([])).toThrow(invalid);
    expect(() => new Fields(undefined, "a thing", (problem) => new RangeError(problem))).toThrow("a thing is not a map");
  });
});
