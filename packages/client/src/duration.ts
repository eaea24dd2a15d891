// Durations as people write them: "30s", "5m", "1h", "7d", "2w", or ms.

import type { Duration } from "./api.ts";
import { MessengerError } from "./errors.ts";

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** A duration in ms. `argument/invalid` for what is none. */
export function durationMs(duration: Duration): number {
  if (typeof duration === "number" && Number.isFinite(duration) && duration >= 0) return duration;
  const [, count, unit] = /^(\d{1,9}(?:\.\d+)?)([smhdw])$/.exec(String(duration)) ?? [];
  if (count === undefined)
    throw new MessengerError("argument/invalid", { reason: 'a duration is ms or like "30s", "5m", "1h", "7d", "2w"' });
  return Number(count) * UNITS[unit as keyof typeof UNITS];
}
