// Time as a value that is passed in: the moment, and a call later. Gives the system's clock; tests pass a virtual one, so that nothing
// here ever sleeps in a test. Not a concern here: what is done with time.

import { MessengerError } from "./errors.ts";

/** The moment in ms since 1970, and calls that happen later. */
export interface Clock {
  now(): number;
  /** Calls `run` once after `delayMs`; the function returned cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`; rejects with `aborted` as soon as the signal says so. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(new MessengerError("aborted", {}));
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
