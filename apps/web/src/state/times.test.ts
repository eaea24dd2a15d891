import { expect, test } from "vitest";
import { dayOf, daysBetween, shortOf, timeOf } from "./times.ts";

const now = new Date(2026, 4, 13, 9, 0);
const at = (year: number, month: number, day: number, hour = 23): Date => new Date(year, month - 1, day, hour, 59);

test("calendar days, not spans of 24 hours", () => {
  expect(daysBetween(at(2026, 5, 12), now)).toBe(1);
  expect(daysBetween(at(2026, 5, 13, 0), now)).toBe(0);
  expect(daysBetween(at(2026, 3, 1), now)).toBe(73);
});

test("days get the nearest name there is", () => {
  const names = [at(2026, 5, 13), at(2026, 5, 12), at(2026, 5, 10), at(2026, 5, 6), at(2024, 5, 6)].map((date) => dayOf(date, now));
  expect(new Set(names).size).toBe(5);
  expect(names[0]).not.toMatch(/\d/);
  expect(names[3]).not.toMatch(/20\d\d/);
  expect(names[4]).toMatch(/2024/);
});

test("a list says the time today, and a day otherwise", () => {
  expect(shortOf(at(2026, 5, 13, 8), now)).toBe(timeOf(at(2026, 5, 13, 8)));
  expect(shortOf(at(2026, 5, 12), now)).toBe(dayOf(at(2026, 5, 12), now));
});
