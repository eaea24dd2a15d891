import { describe, expect, test } from "vitest";
import { fuzzDecoder } from "../test/support/index.ts";
import { type CborInput, decodeCbor, encodeCbor } from "./cbor.ts";
import { Fields } from "./fields.ts";

describe("CBOR in this protocol", () => {
  test("bytes that are none fail with the caller's code and name", () => {
    expect(() => decodeCbor(Uint8Array.of(0xff), "a message", "content/invalid")).toThrow(
      expect.objectContaining({ code: "content/invalid", message: expect.stringContaining("a message") }),
    );
    expect(() => decodeCbor(Uint8Array.of(0xff), "a message")).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("a value that has no encoding is the caller's mistake", () => {
    expect(() => encodeCbor(1.5 as CborInput)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  });

  test("a field that is not acceptable fails with the code that the map was opened with", () => {
    const map = decodeCbor(encodeCbor({ inner: { a: 1 } }), "a thing");
    const fields = new Fields(map, "a thing", "content/invalid");
    expect(() => fields.map("inner", (inner) => inner.text("a", 1))).toThrow(expect.objectContaining({ code: "content/invalid" }));
    expect(() => new Fields(0, "a thing")).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("damage never does anything but the typed error", () => {
    const valid = encodeCbor({ list: [1, "two", new Uint8Array(3)], map: { deep: [[{}]] }, yes: true });
    fuzzDecoder(valid, (damaged) => decodeCbor(damaged, "x"));
  });
});
