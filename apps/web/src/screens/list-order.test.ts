import type { Conversation } from "@sotto/client";
import { expect, test } from "vitest";
import { matches, newestFirst, targetOf } from "./list-order.ts";

const chat = (id: string, at?: number): Conversation =>
  ({ id, state: { get: () => (at === undefined ? {} : { lastMessage: { sentAt: new Date(at) } }) } }) as unknown as Conversation;

test("newest first, and a chat without messages before all", () => {
  expect(newestFirst([chat("old", 1), chat("new", 9), chat("fresh"), chat("mid", 5)]).map(({ id }) => id)).toEqual([
    "fresh",
    "new",
    "mid",
    "old",
  ]);
});

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
