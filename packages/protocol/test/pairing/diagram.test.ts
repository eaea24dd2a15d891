// The table is complete and unambiguous, and the page in spec/ shows it.

import { expect, test } from "vitest";
import { actions } from "../../src/pairing/actions.ts";
import { ended, lasts, table } from "../../src/pairing/table.ts";
import { drawPage, readPage } from "./diagram.ts";

test("spec/pairing-states.md is the table (renew it with `node packages/protocol/test/pairing/diagram.ts --write`)", () => {
  expect(readPage()).toBe(drawPage());
});

test("no two rows answer the same event, unless their guards exclude each other", () => {
  const exclusive = [
    ["give", "receive"],
    ["asks for a reply", "asks for none"],
  ];
  for (const row of table) {
    const rivals = table.filter((it) => it !== row && it.from === row.from && it.on === row.on);
    for (const rival of rivals) {
      expect(exclusive.some((pair) => pair.includes(row.when ?? "") && pair.includes(rival.when ?? "") && row.when !== rival.when)).toBe(
        true,
      );
    }
  }
});

test("every phase is reached and left, every action is used", () => {
  const reached = new Set(["waiting", "claiming", ...table.map(({ to }) => to)]);
  for (const phase of Object.keys(lasts)) {
    expect(reached).toContain(phase);
    expect(table.some(({ from }) => from === phase)).toBe(true);
    expect(ended.has(phase as never)).toBe(false);
  }
  expect(new Set(table.map(({ run }) => run))).toEqual(new Set(Object.keys(actions)));
});

test("no phase comes back: a run ends", () => {
  const depth = (phase: string, steps = 0): number =>
    Math.max(
      steps,
      ...table.filter(({ from }) => from === phase).map(({ to }) => (steps > table.length ? Infinity : depth(to, steps + 1))),
    );
  expect(depth("waiting")).toBeLessThan(table.length);
  expect(depth("claiming")).toBeLessThan(table.length);
});
