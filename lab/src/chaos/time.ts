// Time as the play sees it: the system's, or one that jumps (sim/sim-time.ts).

import { setTimeout as sleep } from "node:timers/promises";

/** The moment and a wait, ms. */
export interface Time {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** The system's. */
export const systemTime: Time = { now: () => performance.now(), sleep: async (ms) => void (await sleep(ms)) };
