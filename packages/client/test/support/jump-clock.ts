// The system's clock with an offset that a test moves: for what is due after a long time, over real sockets.

import { type Clock, systemClock } from "../../src/clock.ts";

/** Timers run as ever; the time of day jumps. */
export class JumpClock implements Clock {
  #ahead = 0;

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  after(delayMs: number, run: () => void): () => void {
    return systemClock.after(delayMs, run);
  }

  jump(ms: number): void {
    this.#ahead += ms;
  }
}
