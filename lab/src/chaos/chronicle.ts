// What happened when, so that a failure can be told as a story. Takes events as they happen; gives those around one message. Not a concern
// here: what is wrong (verdict.ts).

import type { Time } from "./time.ts";

/** Something that happened. */
interface Event {
  readonly atMs: number;
  /** A device, "relay", "network". */
  readonly who: string;
  readonly what: string;
  /** The message that it is about. */
  readonly number?: number;
}

/** Lines that a story may have: more is read by nobody. */
const MAX_LINES = 40;
/** What else happened so long before and after is part of the story, ms. */
const AROUND_MS = 1_500;

/** The events of a run. */
export class Chronicle {
  readonly #time: Pick<Time, "now">;
  readonly #started: number;
  readonly #events: Event[] = [];

  constructor(time: Pick<Time, "now">) {
    this.#time = time;
    this.#started = time.now();
  }

  tell(who: string, what: string, number?: number): void {
    this.#events.push({ atMs: this.#time.now() - this.#started, who, what, ...(number !== undefined && { number }) });
  }

  /** Everything about a message, and what happened to the network and to these devices around the time it was sent. */
  story(number: number | undefined, devices: readonly string[]): readonly string[] {
    const about = this.#events.filter((event) => number !== undefined && event.number === number);
    const sentAt = about[0]?.atMs ?? Number.POSITIVE_INFINITY;
    const isNear = ({ atMs, who, number: other }: Event): boolean =>
      other === undefined && Math.abs(atMs - sentAt) < AROUND_MS && [...devices, "relay", "network"].includes(who);
    return this.#events
      .filter((event) => about.includes(event) || isNear(event))
      .slice(0, MAX_LINES)
      .map(
        ({ atMs, who, what, number: other }) => `${(atMs / 1000).toFixed(2)} s  ${who} ${what}${other === undefined ? "" : ` #${other}`}`,
      );
  }
}
