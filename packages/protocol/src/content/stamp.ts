// When and where a person changed something that their devices share: of two changes the later one holds, on every device, whatever order
// they arrive in. Takes and gives plain values; clocks are the caller's concern.

import type { Fields } from "../fields.ts";
import { MAX_DEVICE_ID } from "../limits.ts";
import { unacceptable } from "./codec.ts";

/** A change: its time (ms, by the device's clock, but later than the change that it replaces) and the device (0: nobody changed it yet). */
export interface Stamp {
  readonly at: number;
  readonly by: number;
}

/** The stamp of what nobody has changed. */
export const NEVER: Stamp = { at: 0, by: 0 };

/** Whether `next` holds against `known`; a change that is known already does not. */
export function isLater(next: Stamp, known: Stamp): boolean {
  return next.at > known.at || (next.at === known.at && next.by > known.by);
}

/** The stamp of a change made now by a device, of what was changed last by `known`. */
export function laterThan(known: Stamp, now: number, by: number): Stamp {
  return { at: Math.min(Math.max(now, known.at + 1), Number.MAX_SAFE_INTEGER), by };
}

/** A stamp as fields. `argument/invalid` for what is none. */
export function encodeStamp({ at, by }: Stamp): { readonly at: number; readonly by: number } {
  if (at < 0 || by < 0 || by > MAX_DEVICE_ID) throw unacceptable("a change has a time and a device");
  return { at, by };
}

/** A stamp from the fields `at` and `by`. */
export function decodeStamp(fields: Fields): Stamp {
  return { at: fields.uint("at"), by: fields.uint("by", MAX_DEVICE_ID) };
}
