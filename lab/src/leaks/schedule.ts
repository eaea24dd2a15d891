// Who does what when, before and after one device's state leaks: a seed gives a conversation with bursts, silences, cells that come late or
// never, and the moment of the leak. Plain data; who carries it out is not its concern.

import { seededNumbers } from "../seeded-numbers.ts";

/** The two devices, as seen by the thief: the one whose state leaks and the other one. */
export type Side = "victim" | "peer";

/** One thing that happens. */
export type Step =
  | { readonly does: "write"; readonly side: Side }
  /** A first contact with a new session, after the other side's prekeys: at the start, and when a session is given up for a new one. */
  | { readonly does: "begin"; readonly side: Side; readonly oneTime: boolean }
  /** Reads one of the cells that are there: the oldest, or the one after `late` others. `never`: that cell is lost to its reader. */
  | { readonly does: "read"; readonly side: Side; readonly late: number; readonly never: boolean }
  | { readonly does: "wait"; readonly ms: number }
  | { readonly does: "leak" };

const HOUR_MS = 60 * 60 * 1000;
/** Longer than private halves of prekeys are kept. Other silences are short: together less than the week after which prekeys are renewed. */
const LONG_SILENCE_MS = 31 * 24 * HOUR_MS;

/** The side that is not this one. */
export const otherSide = (side: Side): Side => (side === "victim" ? "peer" : "victim");

/** A conversation of `length` messages, the leak somewhere between the first fifth and the last. */
export function randomSchedule(seed: number, length: number): readonly Step[] {
  const random = seededNumbers(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const anyone = (): Side => (random() < 0.5 ? "victim" : "peer");
  const leakAfter = Math.round(length * (0.2 + 0.6 * random()));
  const silentBefore = random() < 0.4 ? Math.round(leakAfter * 0.9) : undefined;
  // How long people write before the other one answers differs between conversations, not only within them.
  const longestBurst = 1 + below(9);
  // Some conversations start over once or twice: as many replaced sessions are still listened to.
  const restarts = new Set(Array.from({ length: random() < 0.5 ? 0 : 1 + below(2) }, () => 10 + below(length)));
  let writer = anyone();
  const steps: Step[] = [begin(writer)];
  let written = 1;
  let leaked = false;
  while (written < length) {
    const burst = 1 + below(longestBurst);
    for (let i = 0; i < burst; i++) {
      steps.push(restarts.has(written) ? begin(anyone()) : { does: "write", side: writer });
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
    if (random() < 0.15) steps.push({ does: "wait", ms: Math.ceil(random() * 2 * HOUR_MS) });
    if (random() < 0.85) writer = reader;
  }
  return steps;

  function begin(side: Side): Step {
    return { does: "begin", side, oneTime: random() < 0.5 };
  }

  function read(side: Side): Step {
    return { does: "read", side, late: random() < 0.15 ? 1 + below(3) : 0, never: random() < 0.02 };
  }
}
