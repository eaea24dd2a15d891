// A clock that a test turns by hand.

import type { Clock } from "../../src/clock.ts";

/** Time stands still until `advance`. */
export class ManualClock implements Clock {
  #now: number;
  readonly #tasks = new Set<{ readonly every: number; due: number; readonly run: () => void }>();

  constructor(startMs = Date.UTC(2030, 0, 1)) {
    this.#now = startMs;
  }

  // An arrow, so that it may be passed on alone.
  now = (): number => this.#now;

  every(ms: number, run: () => void): () => void {
    const task = { every: ms, due: this.#now + ms, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Moves time and runs what became due, each task as often as it did. */
  advance(ms: number): void {
    this.#now += ms;
    for (const task of this.#tasks) {
      for (; task.due <= this.#now; task.due += task.every) task.run();
    }
  }

  /** Sets the time back, as people and network time do. */
  setBack(ms: number): void {
    this.#now -= ms;
  }
}
