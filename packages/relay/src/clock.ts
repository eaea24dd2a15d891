// Time as the relay sees it, passed in so that tests turn it by hand.

/** Milliseconds since 1970, and something to be done again and again. */
export interface Clock {
  now(): number;
  /** Runs `task` every `ms`; returns how to stop. A task that throws ends the process: tasks handle their own errors. */
  every(ms: number, task: () => void): () => void;
}

/** The machine's time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every(ms, task) {
    const timer = setInterval(task, ms).unref();
    return () => clearInterval(timer);
  },
};
