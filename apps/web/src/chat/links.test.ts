import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { piecesOf } from "./links.ts";

const links = (text: string): (string | undefined)[] => piecesOf(text).flatMap(({ href }) => (href === undefined ? [] : [href]));

describe("web addresses in a text", () => {
  test.each([
    ["see https://sotto.example/a?b=c#d.", ["https://sotto.example/a?b=c#d"]],
    ["(https://sotto.example/x)", ["https://sotto.example/x"]],
    ["https://en.example/wiki/Sotto_(voice)", ["https://en.example/wiki/Sotto_(voice)"]],
    ["two: http://a.example, http://b.example!", ["http://a.example/", "http://b.example/"]],
    ["javascript:alert(1) data:text/html,x ftp://a.example", []],
    ["https://bank.example@evil.example/", []],
    ["https://", []],
    ["xhttps://a.example", []],
  ])("%s", (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  test("no direction override gets into an address", () => {
    expect(links("https://a.example/\u202etxt.exe")).toEqual(["https://a.example/"]);
  });

  test("the pieces of any text are the text, and links are http(s)", () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("https://", "http://a.b", " ", ")", ".", "@", "\n")))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (given) => {
        const pieces = piecesOf(given);
        expect(pieces.map((piece) => piece.text).join("")).toBe(given);
        expect(pieces.every(({ href }) => href === undefined || /^https?:\/\//.test(href))).toBe(true);
      }),
    );
  });
});
