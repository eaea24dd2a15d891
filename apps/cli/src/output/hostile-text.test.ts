import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { harmless, harmlessJson, harmlessLine } from "./hostile-text.ts";

/** What must never reach a terminal; written apart from the implementation. */
function isDangerous(text: string): boolean {
  return Array.from(text).some((character) => {
    const code = character.codePointAt(0) ?? 0;
    const control = (code < 0x20 && code !== 0x09 && code !== 0x0a) || (code >= 0x7f && code <= 0x9f);
    const bidi = [0x061c, 0x200e, 0x200f].includes(code) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    const hidden = [0x200b, 0xfeff, 0x2028, 0x2029].includes(code) || (code >= 0xe0000 && code <= 0xe007f);
    return control || bidi || hidden || (code >= 0xd800 && code <= 0xdfff);
  });
}

const nasty = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 4 }),
      fc.constantFrom(
        "\u001b[31m",
        "\u001b]0;title\u0007",
        "\u009b2J",
        "\u001bc",
        "\u202e",
        "\u2066",
        "\r",
        "\u0000",
        "\u{e0041}",
        "\ud800",
        "\u2028",
        "é👩‍👩‍👧",
      ),
    ),
  )
  .map((parts) => parts.join(""));

describe("hostile text", () => {
  it("detects what the test looks for", () => {
    for (const text of ["\u001b[31m", "\u202eabc", "\r", "\u{e0041}", "\ud800", "\u2028"]) expect(isDangerous(text)).toBe(true);
  });

  it("leaves nothing that acts on a terminal", () => {
    fc.assert(fc.property(nasty, (text) => !isDangerous(harmless(text)) && !isDangerous(harmlessLine(text))));
  });

  it("changes nothing that is harmless", () => {
    const fair = fc.string({ unit: "grapheme" }).filter((text) => !isDangerous(text));
    fc.assert(fc.property(fair, (text) => harmless(text) === text));
    const people = "Grüße, مرحبا, שלום, 👩‍👩‍👧 ✓✓\n\tzwei";
    expect(harmless(people)).toBe(people);
  });

  it("is done after one pass", () => {
    fc.assert(fc.property(nasty, (text) => harmless(harmless(text)) === harmless(text)));
  });

  it.each([
    ["red \u001b[1;31mtext\u001b[0m", "red text"],
    ["\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\", "click"],
    ["\u001b]0;new title\u0007hi", "hi"],
    ["cut off \u001b[", "cut off "],
    ["\u009b31mC1", "C1"],
    ["a\u202egnp.exe", "agnp.exe"],
    ["one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"],
    ["over\bwrite", "overwrite"],
  ])("turns %j into %j", (text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  it("puts a name on one line and never leaves it empty", () => {
    expect(harmlessLine(" A\nB\t C ")).toBe("A B C");
    expect(harmlessLine("\u200b\u202e \n")).toBe("(no name)");
    fc.assert(fc.property(nasty, (text) => !harmlessLine(text).includes("\n") && harmlessLine(text) !== ""));
  });

  it("writes JSON that is exact and harmless", () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: "binary" })), (text) => {
        const json = harmlessJson({ text });
        expect(JSON.parse(json)).toEqual({ text });
        expect(isDangerous(json)).toBe(false);
        expect(json).not.toContain("\n");
      }),
    );
  });
});
