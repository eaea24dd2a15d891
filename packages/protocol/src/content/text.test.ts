import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCbor } from "../cbor.ts";
import { utf8Length } from "./text.ts";

test("the length of a text is that of its UTF-8 form", () => {
  const wellFormed = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed());
  fc.assert(fc.property(wellFormed, (text) => utf8Length(text) === Buffer.byteLength(text, "utf8")));
  for (const text of ["", "a", "é", "\u07FF", "\u0800", "\uFFFF", "👩", "👩‍👩‍👧"]) {
    expect(utf8Length(text)).toBe(encodeCbor(text).length - (Buffer.byteLength(text) < 24 ? 1 : 2));
  }
});
