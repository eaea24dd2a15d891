// A call that was cancelled before it began.

import { MessengerError } from "./errors.ts";

/** Fails with `aborted` if the signal has been given already. */
export function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new MessengerError("aborted", {});
}
