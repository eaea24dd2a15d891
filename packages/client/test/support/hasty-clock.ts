// A clock that runs faster than life, for tests over real sockets in which somebody has to wait. Not a concern here: tests without sockets,
// which stop time altogether (VirtualClock).

import { type Clock, systemClock } from "../../src/clock.ts";

/** The system's clock from now on, so many times as fast. */
export function hastyClock(times: number): Clock {
  const start = systemClock.now();
  return {
    ...systemClock,
    now: () => start + (systemClock.now() - start) * times,
    after: (delayMs, run) => systemClock.after(delayMs / times, run),
  };
}
