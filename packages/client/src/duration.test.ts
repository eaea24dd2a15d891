import { expect, test } from "vitest";
import type { Duration } from "./api.ts";
import { durationMs } from "./duration.ts";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1.5h", 5_400_000],
  ["7d", 604_800_000],
  ["2w", 1_209_600_000],
  [42, 42],
] as const)("%s is %d ms", (duration, ms) => {
  expect(durationMs(duration)).toBe(ms);
});

test.each(["", "5", "m", "-1s", "1y", "1e3s", " 1s", Number.NaN, -1, Infinity])("%s is refused", (duration) => {
  expect(() => durationMs(duration as Duration)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
});
