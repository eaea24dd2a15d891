// Showing a new value to whoever listens, from inside a run that must not stumble over their mistakes.

import type { LiveValue } from "../live.ts";

/** Sets the value; what a listener throws goes where the platform reports uncaught errors, as with its own events. */
export function show<T>(live: LiveValue<T>, value: T): void {
  try {
    live.set(value);
  } catch (failure) {
    queueMicrotask(() => {
      throw failure;
    });
  }
}
