import { describe, expect, it } from "vitest";
import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const read = (text: string): unknown => decodeFrame(hex(text), 100, "a frame");

describe("decodeFrame", () => {
  it.each([
    ["keys out of order", "a2616201616102"],
    ["a key twice", "a2616101616102"],
    ["an integer in a longer form", "a161611801"],
    ["a length in a longer form", "a16161580101"],
    ["an indefinite map", "bf616101ff"],
    ["an indefinite byte string", "a161615f4101ff"],
    ["a float that is an integer", "a16161f93c00"],
    ["undefined", "a16161f7"],
    ["a tag", "a16161c001"],
    ["an integer beyond 53 bits", "a161611b0020000000000000"],
    ["broken UTF-8", "a1616162fffe"],
    ["a key that is no text", "a10102"],
    ["bytes after the end", "a1616101ff"],
    ["an array", "8101"],
    ["nothing", ""],
  ])("refuses %s", (_, text) => {
    expect(() => read(text)).toThrow(WireError);
  });

  it("accepts the one form of the same", () => {
    const fields = decodeFrame(hex("a2616101616202"), 100, "a frame");
    expect([fields.uint("a"), fields.uint("b")]).toEqual([1, 2]);
    fields.end();
  });

  it("says how large a frame may be", () => {
    expect(() => decodeFrame(new Uint8Array(101), 100, "a frame")).toThrow(expect.objectContaining({ code: "frame/too-large" }));
  });

  it("refuses a field that nobody asked for, one that is missing, and one of another type", () => {
    const fields = decodeFrame(encodeFrame({ a: 1, b: "x" }), 100, "a frame");
    expect(() => fields.uint("c")).toThrow("c is missing");
    expect(() => fields.uint("b")).toThrow("b is not a number");
    fields.uint("a");
    const other = decodeFrame(encodeFrame({ a: 1, b: "x" }), 100, "a frame");
    other.uint("a");
    expect(() => other.end()).toThrow("not known");
  });

  it("keeps __proto__ a plain field", () => {
    const fields = decodeFrame(hex("a1695f5f70726f746f5f5fa0"), 100, "a frame");
    expect(() => fields.end()).toThrow("not known");
    expect(fields.has("toString")).toBe(false);
  });
});
