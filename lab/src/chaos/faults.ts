// Chance, weather and account of everything that goes wrong on purpose: who causes a fault asks here whether it is time, and it is counted.
// Takes a seed; gives decisions. Not a concern here: what a fault does.

import { seededNumbers } from "../seeded-numbers.ts";

/** How often each fault comes, per opportunity, in a storm. */
const ODDS = {
  // on the wire (rough-wire.ts), per connection
  cut: 0.25,
  stall: 0.1,
  drip: 0.1,
  // requests (lying-relay.ts), per request
  delay: 0.3,
  "lost request": 0.08,
  "lost answer": 0.08,
  repeat: 0.08,
  echo: 0.08,
  refusal: 0.05,
  "garbage answer": 0.03,
  "false conflict": 0.02,
  "false conflict after storing": 0.02,
  // frames of the live socket (lying-socket.ts), per frame
  withhold: 0.05,
  twice: 0.02,
  swap: 0.02,
  "pass over": 0.02,
  damage: 0.02,
  garbage: 0.01,
  "foreign board": 0.05,
  "false expiry": 0.05,
  "early live": 0.1,
  "false error": 0.03,
  // tabs, per death: the renderer crashes (browser/tab.ts); otherwise the tab is closed
  "tab crash": 0.6,
} as const;

/** What can go wrong by chance. */
export type Fault = keyof typeof ODDS;

/** Lies by which a cell is missed on a connection. */
const GAPS: ReadonlySet<Fault> = new Set(["swap", "pass over", "damage"]);

/** How rough it is: 0 for nothing at all, 1 for a storm. */
export type Weather = 0 | 0.3 | 1;

/** Decides and counts. */
export class Faults {
  weather: Weather = 0;
  /** Whether the relay passes over cells, too: they are read again, of a session at once, first contacts when a segment has ended. */
  gaps = false;
  readonly counts = new Map<Fault, number>();
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededNumbers(seed);
  }

  /** Whether this fault happens now; it counts as done. */
  strikes(fault: Fault): boolean {
    if (this.#random() >= ODDS[fault] * this.weather || (!this.gaps && GAPS.has(fault))) return false;
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return true;
  }

  /** A whole number from `least` up to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** Bytes of chance. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.between(0, 255));
  }
}
