// Runs many conversations on both layers and sets every adversary on each. Gives sums, medians and every cell that was not as it must be.

import type { Primitives } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { type Adversary, adversaries } from "./adversaries.ts";
import { attack } from "./attack/attacker.ts";
import { type Period, fates } from "./fate.ts";
import type { Layer } from "./recording.ts";
import { randomSchedule } from "./schedule.ts";
import { type Sabotage, simulate } from "./simulation.ts";
import { type Tally, type Verdict, judge } from "./verdict.ts";

export interface LeakOptions {
  readonly seed: number;
  readonly conversations: number;
  /** Messages of each conversation. */
  readonly messages: number;
  readonly progress?: (line: string) => void;
}

/** One adversary on one layer, over all conversations. */
export interface Result {
  readonly layer: Layer;
  readonly adversary: string;
  readonly periods: ReadonlyMap<Period, Tally>;
  readonly introduced: number;
  /** Messages written after the leak that were opened, and cells recognised, for each conversation. */
  readonly openedLater: readonly number[];
  readonly recognisedLater: readonly number[];
}

export interface LeakReport {
  readonly options: LeakOptions;
  readonly results: readonly Result[];
  readonly violations: readonly string[];
  readonly missed: readonly string[];
}

const layers: readonly Layer[] = ["static", "ratchet"];
const LATER: readonly Period[] = ["until the round trip", "after the round trip", "after another"];

/** Runs it all. */
export function leaks(options: LeakOptions): LeakReport {
  const { seed, conversations, messages, progress = () => {} } = options;
  const p = nodePrimitives();
  const verdicts = new Map<string, Verdict[]>();
  const [violations, missed]: [string[], string[]] = [[], []];
  for (let i = 0; i < conversations; i++) {
    for (const layer of layers) {
      for (const { adversary, verdict } of oneConversation(p, layer, { seed: seed + i, messages })) {
        const name = `${layer}/${adversary.name}`;
        verdicts.set(name, [...(verdicts.get(name) ?? []), verdict]);
        violations.push(...verdict.violations.map((what) => `seed ${seed + i}, ${layer}, ${adversary.name}: ${what}`));
        missed.push(...verdict.missed.map((what) => `seed ${seed + i}, ${layer}, ${adversary.name}: ${what}`));
      }
    }
    progress(`conversation ${i + 1} of ${conversations}: ${violations.length} violations`);
  }
  const results = layers.flatMap((layer) => adversaries.map(({ name }) => sum(layer, name, verdicts.get(`${layer}/${name}`) ?? [])));
  return { options, results, violations, missed };
}

/** One conversation and the attacks on it, by default all. */
export function oneConversation(
  p: Primitives,
  layer: Layer,
  options: { seed: number; messages: number; sabotage?: Sabotage; against?: readonly Adversary[] },
): { readonly adversary: Adversary; readonly verdict: Verdict }[] {
  const { seed, messages, sabotage, against = adversaries } = options;
  const recording = simulate(layer, randomSchedule(seed, messages), seed, sabotage);
  const periods = fates(recording).map(({ period }) => period);
  return against.map((adversary) => {
    const finds = attack(p, recording, adversary.means(recording));
    return { adversary, verdict: judge(recording.letters, periods, adversary.expects(recording), finds) };
  });
}

function sum(layer: Layer, adversary: string, verdicts: readonly Verdict[]): Result {
  const periods = new Map<Period, Tally>();
  for (const verdict of verdicts) {
    for (const [period, { cells, opened, recognised }] of verdict.periods) {
      const before = periods.get(period) ?? { cells: 0, opened: 0, recognised: 0 };
      periods.set(period, { cells: before.cells + cells, opened: before.opened + opened, recognised: before.recognised + recognised });
    }
  }
  const later = (what: "opened" | "recognised"): number[] =>
    verdicts.map((verdict) => LATER.reduce((total, period) => total + (verdict.periods.get(period)?.[what] ?? 0), 0));
  const introduced = verdicts.reduce((total, verdict) => total + verdict.introduced, 0);
  return { layer, adversary, periods, introduced, openedLater: later("opened"), recognisedLater: later("recognised") };
}
