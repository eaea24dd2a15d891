// A small torture in every test run; and proof that a run which goes wrong is seen.

import { describe, expect, it } from "vitest";
import { torture } from "../src/torture/run.ts";
import type { Sabotage } from "../src/torture/reader.ts";
import { isClean, judge, type ReceivedCell } from "../src/torture/verdict.ts";

const TIMEOUT = { timeout: 90_000 };

describe("a relay that is killed under traffic", () => {
  it("loses, repeats, reorders and damages nothing that it acknowledged", TIMEOUT, async () => {
    const verdict = await torture({ seed: 11, kills: 3, writers: 4, readers: 2, lifeCells: 60 });
    expect(verdict).toEqual({ acknowledged: verdict.acknowledged, lost: 0, repeated: 0, disordered: 0, damaged: 0 });
    expect(isClean(verdict)).toBe(true);
  });

  it("is reported if one cell of thousands does not arrive", TIMEOUT, async () => {
    let dropped = 0;
    const dropOne: Sabotage = (cells, had) => (had >= 5 && dropped++ === 0 ? cells.slice(1) : cells);
    const verdict = await torture({ seed: 12, kills: 1, writers: 2, readers: 1, lifeCells: 30, sabotage: dropOne });
    expect(verdict).toMatchObject({ lost: 1, repeated: 0, disordered: 0, damaged: 0 });
    expect(isClean(verdict)).toBe(false);
  });
});

describe("the verdict", () => {
  const cells = (...numbers: number[]): ReceivedCell[] => numbers.map((number, i) => ({ cursor: i + 1, number }));
  const told = new Set([10, 11, 12]);

  it("is clean when every reader got everything once, in one order; cells that nobody was told of may be there", () => {
    expect(isClean(judge(told, [cells(11, 10, 99, 12), cells(11, 10, 99, 12)]))).toBe(true);
    expect(isClean(judge(new Set(), [cells()]))).toBe(false);
  });

  it.each<[string, ReceivedCell[], object]>([
    ["a lost cell", cells(10, 11), { lost: 1 }],
    ["a cell under two cursors", cells(10, 11, 12, 10), { repeated: 1 }],
    ["a cell sent twice", [...cells(10, 11, 12), { cursor: 3, number: 12 }], { repeated: 1, disordered: 1 }],
    ["cursors that fall", [...cells(10, 11), { cursor: 9, number: 13 }, { cursor: 3, number: 12 }], { disordered: 1 }],
    ["another order than the others'", cells(11, 10, 12), { disordered: 2 }],
    ["a damaged body", [...cells(10, 11, 12), { cursor: 4, number: undefined }], { damaged: 1 }],
  ])("reports %s", (_, received, found) => {
    const nothing = { acknowledged: 3, lost: 0, repeated: 0, disordered: 0, damaged: 0 };
    const verdict = judge(told, [cells(10, 11, 12), received]);
    expect(verdict).toEqual({ ...nothing, ...found });
    expect(isClean(verdict)).toBe(false);
  });
});
