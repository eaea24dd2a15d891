// Who does what when, before and after one device's state leaks: a seed gives a conversation with bursts, silences, cells that come late or
// never, and the moment of the leak. Plain data; who carries it out is not its concern.

import { seededNumbers } from "../seeded-numbers.ts";

/** The two devices, as seen by the thief: the one whose state leaks and the other one. */
export type Side = "victim" | "peer";

/** One thing that happens. */
export type Step =
  | { readonly does: "write"; readonly side: Side }
  /** Reads one of the cells that are there: the oldest, or the one after `late` others. `never`: that cell is lost to its reader. */
  | { readonly does: "read"; readonly side: Side; readonly late: number; readonly never: boolean }
  | { readonly does: "wait"; readonly ms: number }
  | { readonly does: "leak" };

/** A whole conversation. `beginner` sends the first contact; with `oneTime`, to a one-time prekey. */
export interface Schedule {
  readonly beginner: Side;
  readonly oneTime: boolean;
  readonly steps: readonly Step[];
}

const HOUR_MS = 60 * 60 * 1000;
/** Longer than private halves of prekeys are kept. */
const LONG_SILENCE_MS = 31 * 24 * HOUR_MS;

export const otherSide = (side: Side): Side => (side === "victim" ? "peer" : "victim");

/** About `length` written messages, the leak somewhere between the first fifth and the last. */
export function randomSchedule(seed: number, length: number): Schedule {
  const random = seededNumbers(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const beginner: Side = random() < 0.5 ? "victim" : "peer";
  const leakAfter = Math.round(length * (0.2 + 0.6 * random()));
  const silentBefore = random() < 0.4 ? Math.round(leakAfter * 0.9) : undefined;
  // How long people write before the other one answers differs between conversations, not only within them.
  const longestBurst = 1 + below(9);
  const steps: Step[] = [];
  let writer = beginner;
  let written = 0;
  let leaked = false;
  while (written < length) {
    const burst = 1 + below(longestBurst);
    for (let i = 0; i < burst; i++) {
      steps.push({ does: "write", side: writer });
      written++;
      if (written === silentBefore) steps.push({ does: "wait", ms: LONG_SILENCE_MS });
      if (written >= leakAfter && !leaked) {
        // Not always right after a message was written.
        for (let reads = below(3); reads > 0; reads--) steps.push({ does: "read", side: "victim", late: 0, never: false });
        steps.push({ does: "leak" });
        leaked = true;
      }
      if (random() < 0.3) steps.push(read(otherSide(writer)));
    }
    const reader = otherSide(writer);
    for (let reads = below(burst + 3); reads > 0; reads--) steps.push(read(reader));
    if (random() < 0.15) steps.push({ does: "wait", ms: Math.ceil(random() * 8 * HOUR_MS) });
    if (random() < 0.85) writer = reader;
  }
  return { beginner, oneTime: random() < 0.5, steps };

  function read(side: Side): Step {
    return { does: "read", side, late: random() < 0.15 ? 1 + below(3) : 0, never: random() < 0.02 };
  }
}
