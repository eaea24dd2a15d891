// Compares what an attacker got with what it must get and must not get. Pure, so that it can itself be tried out.

import { equalBytes } from "@sotto/protocol";
import type { Finds } from "./attack/finds.ts";
import type { Fate, Period } from "./fate.ts";
import type { Letter } from "./recording.ts";

/** Cells of one period: how many there were, opened, recognised by their tag. */
export interface Tally {
  readonly cells: number;
  readonly opened: number;
  readonly recognised: number;
}

/** What one attack came to. */
export interface Verdict {
  readonly periods: ReadonlyMap<Period, Tally>;
  /** First contacts whose sender was seen. */
  readonly introduced: number;
  /** Cells that had to stay closed or unrecognised and did not. */
  readonly violations: readonly string[];
  /** Cells that had to open or be recognised and did not: the attacker is weaker than it should be, and proves less. */
  readonly missed: readonly string[];
}

/** What must become of a letter; `fates` says it for a thief, others are simple. */
export type Expectation = Pick<Fate, "opens" | "recognised">;

/** @param periods the period of each letter  @param expected of each letter */
export function judge(letters: readonly Letter[], periods: readonly Period[], expected: readonly Expectation[], finds: Finds): Verdict {
  const tallies = new Map<Period, Tally>();
  const [violations, missed]: [string[], string[]] = [[], []];
  letters.forEach(({ from, plaintext }, number) => {
    const period = periods[number] as Period;
    const found = finds.opened.get(number);
    const opened = found !== undefined && equalBytes(found, plaintext);
    const recognised = finds.recognised.has(number);
    const { cells, opened: o, recognised: r } = tallies.get(period) ?? { cells: 0, opened: 0, recognised: 0 };
    tallies.set(period, { cells: cells + 1, opened: o + Number(opened), recognised: r + Number(recognised) });

    const must = expected[number] as Expectation;
    const cell = `cell ${number} (${from}, ${period})`;
    if (opened && must.opens === false) violations.push(`${cell} was opened`);
    if (recognised && must.recognised === false) violations.push(`${cell} was recognised`);
    if (!opened && must.opens === true) missed.push(`${cell} was not opened`);
    if (!recognised && must.recognised === true) missed.push(`${cell} was not recognised`);
    if (found !== undefined && !opened) missed.push(`${cell} was opened as something else`);
  });
  return { periods: tallies, introduced: finds.introduced.size, violations, missed };
}
