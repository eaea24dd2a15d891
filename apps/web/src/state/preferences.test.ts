import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePreferences, remindsOfWords } from "./preferences.ts";

const fresh = parsePreferences(null);

describe("what the browser remembers", () => {
  test("survives its own writing", () => {
    const written = { opened: 3, sent: 12, wordsLater: true, knownDevices: ["2"] };
    expect(parsePreferences(JSON.stringify(written))).toEqual(written);
  });

  test("whatever is found there, what comes out has the right shape", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const { opened, sent, wordsLater, knownDevices } = parsePreferences(text);
        expect(opened >= 0 && sent >= 0 && typeof wordsLater === "boolean").toBe(true);
        expect(knownDevices.every((id) => typeof id === "string")).toBe(true);
      }),
    );
  });
});

describe("the reminder of the 24 words", () => {
  test("waits for the second opening or the tenth message", () => {
    expect(remindsOfWords({ ...fresh, opened: 1, sent: 9 }, "unseen")).toBe(false);
    expect(remindsOfWords({ ...fresh, opened: 2 }, "unseen")).toBe(true);
    expect(remindsOfWords({ ...fresh, opened: 1, sent: 10 }, "seen")).toBe(true);
  });

  test("stays away once confirmed, once put away, and on a device that has no words", () => {
    const due = { ...fresh, opened: 5 };
    expect(remindsOfWords(due, "confirmed")).toBe(false);
    expect(remindsOfWords(due, "linked")).toBe(false);
    expect(remindsOfWords({ ...due, wordsLater: true }, "unseen")).toBe(false);
  });
});
