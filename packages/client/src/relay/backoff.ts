// How long to wait before the next attempt: exponential with full jitter, so that the readers of a relay that comes back do not come back
// all at once.

/** Bounds of the wait, ms. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** The wait, ms, after `failures` (1 or more) failed attempts in a row; `random` in [0, 1). */
export function backoffMs(backoff: Backoff, failures: number, random: number): number {
  const ceiling = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.floor(random * ceiling);
}
