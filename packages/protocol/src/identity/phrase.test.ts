import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex, testPrimitives } from "../../test/support/index.ts";
import { bip39 } from "../../test/vectors/identity.ts";
import type { ProtocolError } from "../errors.ts";
import { checkWords, newPhrase, parsePhrase, phraseFromEntropy } from "./phrase.ts";
import { suggestWords } from "./suggestions.ts";

const p = testPrimitives("phrase");
const words = bip39[15][1];

function failure(text: string): ProtocolError {
  try {
    parsePhrase(p, text);
  } catch (error) {
    return error as ProtocolError;
  }
  throw new Error("the phrase was accepted");
}

test.each(bip39)("BIP-39: %s is %s", (entropy, text) => {
  expect(phraseFromEntropy(p, hex(entropy)).words().join(" ")).toBe(text);
  expect(parsePhrase(p, text).entropy.expose()).toEqual(hex(entropy));
});

test("a new phrase has 24 words, comes back from its words, and is not the next one", () => {
  const phrase = newPhrase(p);
  expect(phrase.words()).toHaveLength(24);
  expect(parsePhrase(p, phrase.words().join(" ")).entropy.expose()).toEqual(phrase.entropy.expose());
  expect(newPhrase(p).words()).not.toEqual(phrase.words());
});

test("entropy of another length is our caller's mistake", () => {
  for (const length of [0, 15, 20, 24, 33]) {
    expect(() => phraseFromEntropy(p, new Uint8Array(length))).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  }
});

describe("how people type", () => {
  const list = words.split(" ");
  test.each([
    ["upper case", words.toUpperCase()],
    ["spaces and line breaks", `\n  ${list.join(" \n\t ")}  `],
    ["commas", list.join(", ")],
    ["numbering with dots", list.map((word, i) => `${i + 1}. ${word}`).join("\n")],
    ["numbering glued on", list.map((word, i) => `${i + 1}.${word}`).join(" ")],
    ["numbering with brackets", list.map((word, i) => `(${i + 1}) ${word}`).join(" ")],
    ["an accent from autocorrection", words.replace("come", "cóme")],
    ["full-width letters", words.replace("void", "ｖｏｉｄ")],
    ["no-break spaces", list.join("\u00a0")],
  ])("%s", (_, text) => {
    expect(parsePhrase(p, text).words()).toEqual(list);
  });
});

describe("what is wrong is pointed at", () => {
  test("a word that is not in the list: where, what, and what it may have been", () => {
    const error = failure(words.replace("survey", "survay"));
    expect(error).toMatchObject({ code: "phrase/bad-word", blame: "user", details: { position: 6, word: "survay" } });
    expect((error.details["suggestions"] as string[])[0]).toBe("survey");
    expect(error.message).toBe("word 6 is not in the list of words");
  });

  test("too few, too many, none", () => {
    expect(failure(words.split(" ").slice(1).join(" "))).toMatchObject({ code: "phrase/bad-length", details: { words: 23 } });
    expect(failure(`${words} unfold`)).toMatchObject({ code: "phrase/bad-length", details: { words: 25 } });
    expect(failure("  ")).toMatchObject({ code: "phrase/bad-length", details: { words: 0 } });
  });

  test("a book instead of a phrase is refused before it is read", () => {
    expect(failure("word ".repeat(100_000))).toMatchObject({ code: "phrase/bad-length", details: { words: 100_000 } });
  });

  test("a wrong or swapped word breaks the checksum", () => {
    expect(failure(words.replace("void", "zoo"))).toMatchObject({ code: "phrase/bad-checksum" });
    expect(failure(words.replace("void come", "come void"))).toMatchObject({ code: "phrase/bad-checksum" });
  });

  test("no error shows a word that is in the list", () => {
    for (const text of [words.replace("void", "zoo"), `${words} unfold`, words.replace("survey", "survay")]) {
      const shown = JSON.stringify([failure(text).message, { ...failure(text).details, suggestions: [] }]);
      for (const word of words.split(" ").filter((candidate) => candidate.length > 5)) expect(shown).not.toContain(word);
    }
  });
});

test("any text whatever is a phrase or one of three errors", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(fc.constantFrom(...wordlist), { maxLength: 26 }).map((list) => list.join(" ")),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        parsePhrase(p, text);
      } catch (error) {
        expect(["phrase/bad-word", "phrase/bad-length", "phrase/bad-checksum"]).toContain((error as ProtocolError).code);
      }
    }),
  );
});

describe("words while they are typed", () => {
  test("each is marked, wrong ones with what they may have been", () => {
    expect(checkWords("1. Abandon, abandom\n zz")).toEqual([
      { word: "abandon", known: true, suggestions: [] },
      { word: "abandom", known: false, suggestions: expect.arrayContaining(["abandon"]) },
      { word: "zz", known: false, suggestions: expect.any(Array) },
    ]);
  });

  test("any text, a book as well, is looked at without a throw", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => checkWords(text).every(({ word }) => word !== "")));
    expect(checkWords("word ".repeat(1_000_000)).length).toBeLessThan(1000);
  });
});

describe("suggestions", () => {
  test.each([
    ["survay", "survey"],
    ["abadnon", "abandon"],
    ["zo", "zoo"],
    ["hamstre", "hamster"],
    ["diag", "diagram"],
  ])("%s → %s", (typed, meant) => {
    expect(suggestWords(typed, wordlist)[0]).toBe(meant);
  });

  test("every word survives one typing error: it is among the first three, or three others are as near", () => {
    fc.assert(
      fc.property(fc.constantFrom(...wordlist.filter((word) => word.length >= 6)), fc.nat(), (word, where) => {
        const at = where % (word.length - 1);
        const swapped = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
        fc.pre(swapped !== word && !wordlist.includes(swapped));
        const found = suggestWords(swapped, wordlist);
        expect(found.includes(word) || found.length === 3).toBe(true);
      }),
    );
  });

  test("what is like nothing gets none, at most three come", () => {
    expect(suggestWords("xqzwvxqzwv", wordlist)).toEqual([]);
    expect(suggestWords("x".repeat(1000), wordlist)).toEqual([]);
    expect(suggestWords("car", wordlist).length).toBeLessThanOrEqual(3);
  });
});
