import { expect, test } from "vitest";
import { GrowingBuffer } from "./growing-buffer.ts";

test("nothing of what was written stays in a buffer that was outgrown, or in the last one", () => {
  const buffer = new GrowingBuffer();
  const left = [];
  for (let i = 0; i < 5; i++) {
    buffer.append(new Uint8Array(3_000).fill(7));
    left.push(buffer.bytes);
  }
  expect(new Set(left).size).toBeGreaterThan(2);
  expect(buffer.finish()).toEqual(new Uint8Array(15_000).fill(7));
  expect(left.flatMap((bytes) => [...bytes]).filter((byte) => byte !== 0)).toEqual([]);
});
