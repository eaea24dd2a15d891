// The time that is left, as "1:58", counted by the wall clock so that a sleeping tab does not stretch it.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Shows what is left until `until`; says so once it is over. */
export function Countdown({ until, over = "Time is up" }: { until: Date; over?: string }): JSX.Element {
  const [left, setLeft] = useState(() => leftUntil(until, Date.now()));
  useEffect(() => {
    const tick = (): void => setLeft(leftUntil(until, Date.now()));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [until.getTime()]);
  return (
    <span class="countdown" role="timer" aria-live="off">
      {left === 0 ? over : clockOf(left)}
    </span>
  );
}

/** Whole seconds left, rounded up, never below 0. */
export function leftUntil(until: Date, now: number): number {
  return Math.max(0, Math.ceil((until.getTime() - now) / 1000));
}

/** Seconds as m:ss. */
export function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
