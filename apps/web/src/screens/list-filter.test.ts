import { expect, test } from "vitest";
import { matches, targetOf } from "./list-filter.ts";

test("the filter forgives case and accents, and wants every word", () => {
  expect(matches("Élise Müller", "mull eli")).toBe(true);
  expect(matches("Élise Müller", "mull anna")).toBe(false);
  expect(matches("anything", "  ")).toBe(true);
});

test("arrow keys stay inside the list", () => {
  expect([
    targetOf("ArrowDown", -1, 3),
    targetOf("ArrowDown", 2, 3),
    targetOf("ArrowUp", 0, 3),
    targetOf("End", 0, 3),
    targetOf("a", 0, 3),
  ]).toEqual([0, 2, 0, 2, undefined]);
});
