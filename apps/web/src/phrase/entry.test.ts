import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lookAt, replaceWord } from "./entry.ts";

const all = `${"abandon ".repeat(23)}art`;

describe("typed words", () => {
  test("the last one is only unfinished while it is being typed", () => {
    expect(lookAt("abandon aband", true).words.map(({ state }) => state)).toEqual(["right", "writing"]);
    expect(lookAt("abandon aband ", true).words.map(({ state }) => state)).toEqual(["right", "wrong"]);
    expect(lookAt("abandon aband", false).wrong).toBe(1);
  });

  test("24 or 12 right words are complete, whatever stands between them", () => {
    expect(lookAt(all, false).complete).toBe(true);
    expect(lookAt(all.replaceAll(" ", ",\n"), false).complete).toBe(true);
    expect(lookAt("abandon ".repeat(12), false).complete).toBe(true);
    expect(lookAt("abandon ".repeat(23), false).complete).toBe(false);
    expect(lookAt(all.replace("art", "arr"), false).complete).toBe(false);
  });

  test("a wrong one is replaced in its place", () => {
    const text = "1. abandon 2. abandom\n3. art";
    const position = lookAt(text, false).words.findIndex(({ state }) => state === "wrong");
    expect(replaceWord(text, position, "abandon")).toBe("1. abandon 2. abandon\n3. art");
  });

  test("replacing any word leaves the others as they were", () => {
    const word = fc.constantFrom("abandon", "ability", "zebr", "Ápple", "x");
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 24 }), fc.nat(), (typed, seed) => {
        const position = seed % typed.length;
        const before = lookAt(typed.join("  "), false).words;
        const after = lookAt(replaceWord(typed.join("  "), position, "zoo"), false).words;
        expect(after.map((each) => each.word)).toEqual(
          before.with(position, { word: "zoo", state: "right", suggestions: [] }).map((each) => each.word),
        );
      }),
    );
  });
});
