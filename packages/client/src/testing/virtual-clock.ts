// A clock that stands still until it is told to move, for tests: timers run in order of their time, at exactly their time.

import type { Clock } from "../clock.ts";

/** A `Clock` moved by hand. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly run: () => void }>();

  /** @param now the first moment, ms since 1970 */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): () => void {
    const id = this.#order++;
    this.#timers.set(id, { at: this.#now + Math.max(0, delayMs), run });
    return () => this.#timers.delete(id);
  }

  /** How many calls are waiting. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next call is due, ms from now; `undefined` when none waits. */
  get next(): number | undefined {
    const due = this.#due();
    return due === undefined ? undefined : due[1].at - this.#now;
  }

  /**
   * Moves on by `ms` and runs what falls due.
   * @param settle awaited before and after each call; default: lets promises that are already resolved run on
   */
  async advance(ms: number, settle: () => Promise<void> = settlePromises): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let due = this.#due(); due !== undefined && due[1].at <= end; due = this.#due()) {
      this.#timers.delete(due[0]);
      this.#now = due[1].at;
      due[1].run();
      await settle();
    }
    this.#now = end;
  }

  #due(): [number, { readonly at: number; readonly run: () => void }] | undefined {
    let first: [number, { readonly at: number; readonly run: () => void }] | undefined;
    for (const timer of this.#timers) if (first === undefined || timer[1].at < first[1].at) first = timer;
    return first;
  }
}

async function settlePromises(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
