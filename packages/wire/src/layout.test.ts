import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64url, fromHex, readBe8, toBase64url, toHex, writeBe8 } from "./layout.ts";

describe("layout", () => {
  it("writes base64url and hexadecimal as Node does, and reads them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
        expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
        expect(fromBase64url(toBase64url(bytes), bytes.length)).toEqual(bytes);
        expect(fromHex(toHex(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it.each(["AB", "A", "AA==", "A+", "A/", "A\n", "éA", "AAA"])("refuses %j as one byte of base64url", (text) => {
    expect(() => fromBase64url(text, 1)).toThrow(expect.objectContaining({ code: "frame/invalid" }));
  });

  it("keeps 53 bits in 8 bytes, and refuses more", () => {
    const bytes = new Uint8Array(9);
    for (const value of [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      writeBe8(bytes, 1, value);
      expect(readBe8(bytes, 1)).toBe(value);
    }
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => writeBe8(bytes, 0, value)).toThrow("53-bit");
    expect(() => readBe8(new Uint8Array(8).fill(0xff), 0)).toThrow("53 bits");
  });
});
