// Time that jumps: whoever sleeps is woken in order, and in between the test relay's clock is moved and everything comes to rest. Takes the way
// to move the clock; gives time to sleep by. Not a concern here: the clock itself.

import type { Time } from "../time.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** The longest jump, ms: whoever begins to sleep in the middle of it is woken late by no more than this. */
const STEP_MS = 250;

/** Time of a run in one process. */
export class SimTime implements Time {
  readonly #advance: (ms: number) => Promise<void>;
  readonly #sleepers: Sleeper[] = [];
  #now = 0;

  /** @param advance moves the clock on and resolves at rest */
  constructor(advance: (ms: number) => Promise<void>) {
    this.#advance = advance;
  }

  now(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    await new Promise<void>((wake) => void this.#sleepers.push({ at: this.#now + Math.max(0, Math.ceil(ms)), wake }));
  }

  /** Lets time pass until this is settled, and gives what it gave. */
  async during<T>(play: Promise<T>): Promise<T> {
    const over = new AbortController();
    const ended = play.finally(() => over.abort());
    ended.catch(() => undefined);
    await this.#advance(0);
    while (!over.signal.aborted) await this.#jump();
    return await ended;
  }

  /** To when the next sleeper is to be woken, if that is not far. */
  async #jump(): Promise<void> {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) if (next === undefined || sleeper.at < next.at) next = sleeper;
    const jump = Math.max(0, Math.min(STEP_MS, (next?.at ?? Number.POSITIVE_INFINITY) - this.#now));
    await this.#advance(jump);
    this.#now += jump;
    if (next === undefined || next.at > this.#now) return;
    this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
    next.wake();
    await this.#advance(0);
  }
}
