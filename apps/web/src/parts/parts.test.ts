import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { initialOf } from "./avatar.tsx";
import { clockOf, leftUntil } from "./countdown.tsx";
import { digitsOf } from "./digits.tsx";
import { pathOf } from "./qr-view.tsx";

describe("six digits", () => {
  test.each([
    ["123456", "123456"],
    ["123 456", "123456"],
    ["12-34-56 and more 7", "123456"],
    ["٤٢٠٦٩١", "420691"],
    ["１２３４５６", "123456"],
    ["12a", "12"],
    ["", ""],
  ])("of %j", (text, digits) => {
    expect(digitsOf(text)).toBe(digits);
  });

  test("whatever is pasted, at most six ASCII digits come out", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => /^[0-9]{0,6}$/.test(digitsOf(text))));
  });
});

describe("countdown", () => {
  test("rounds up, ends at zero", () => {
    const until = new Date(120_000);
    expect(leftUntil(until, 0)).toBe(120);
    expect(leftUntil(until, 119_001)).toBe(1);
    expect(leftUntil(until, 500_000)).toBe(0);
  });

  test("reads like a clock", () => {
    expect([clockOf(119), clockOf(60), clockOf(9), clockOf(0)]).toEqual(["1:59", "1:00", "0:09", "0:00"]);
  });
});

describe("initials", () => {
  test.each([
    ["anna", "A"],
    ["  ßtraße", "SS"],
    ["élise", "É"],
    ["🦉 owl", "🦉"],
    ["…—", "·"],
    ["", "·"],
    ["नमस्ते", "न"],
  ])("of %j", (name, initial) => {
    expect(initialOf(name)).toBe(initial);
  });
});

describe("QR path", () => {
  test("draws each run of dark modules once, inside the quiet zone", () => {
    expect(pathOf([[true, true, false, true], [], [false, true]])).toBe("M4 4h2v1h-2zM7 4h1v1h-1zM5 6h1v1h-1z");
  });
});
