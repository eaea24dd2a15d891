import type { Message } from "@sotto/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { merge } from "./transcript.ts";

const message = (n: number, state = "queued"): Message => ({ id: `m${n}`, status: { state } }) as unknown as Message;
const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe("joining messages", () => {
  test("a page of history goes before, a new message after", () => {
    const shown = merge([message(5), message(6)], [message(3), message(4)], "before");
    expect(ids(merge(shown, [message(7)], "after"))).toEqual(["m3", "m4", "m5", "m6", "m7"]);
  });

  test("what arrives twice is shown once, in its place, with its newest status", () => {
    const shown = merge([message(1), message(2)], [message(1, "sent"), message(3)], "after");
    expect(ids(shown)).toEqual(["m1", "m2", "m3"]);
    expect(shown[0]?.status.state).toBe("sent");
  });

  test("however a conversation is cut into overlapping pages and arrivals, each message is shown once and in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(80), fc.integer({ min: 1, max: 9 }), fc.nat(4), (total, cut, step, overlap) => {
        const all = Array.from({ length: total }, (_, n) => message(n));
        let shown: readonly Message[] = [];
        for (let end = Math.min(cut, total); end > 0; end -= step)
          shown = merge(shown, all.slice(Math.max(0, end - step), end + overlap), "before");
        shown = merge(shown, all.slice(Math.max(0, cut - overlap)), "after");
        expect(ids(shown)).toEqual(ids(all));
      }),
    );
  });
});
