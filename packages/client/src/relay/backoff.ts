// How long to wait before the next attempt: exponential with full jitter, so that the readers of a relay that comes back do not come back
// all at once.

import type { Primitives } from "@sotto/protocol";

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

/** A number in [0, 1) out of 4 random bytes, for jitter. */
export function chance(p: Primitives): number {
  const bytes = p.randomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32;
}
