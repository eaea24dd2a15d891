import { describe, expect, test } from "vitest";
import { nameProblem } from "./name.ts";

describe("names", () => {
  test.each(["", "Alice", "Ágnes Ödön-Þór", "田中 さん", "مريم", "👩‍👩‍👧", "x".repeat(64), "👩".repeat(64)])("%j is a name", (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each([
    "a\nb",
    "a\u0000",
    "\u001B[31mred",
    "a\u007F",
    "a\u0085",
    "a\u2028b",
    "\u202Eevil",
    "a\u2066b",
    "\uFEFFa",
    "\uD800",
    "x".repeat(65),
    "👩".repeat(65),
  ])("%j is not", (name) => {
    expect(nameProblem(name)).toBeTypeOf("string");
  });
});
