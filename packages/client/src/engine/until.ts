// A promise that a signal can end.

import { MessengerError } from "../errors.ts";

/**
 * Settles as `begin` says, or rejects with `aborted` when the signal says so first. `begin` gives back what stops it: it is called once the
 * promise has settled either way.
 */
export function untilAborted<T>(
  signal: AbortSignal | undefined,
  begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new MessengerError("aborted", {}));
      return;
    }
    const running: { stop?: () => void } = {};
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener("abort", abort);
      running.stop?.();
      finish();
    };
    const abort = (): void => settle(() => reject(new MessengerError("aborted", {})));
    signal?.addEventListener("abort", abort, { once: true });
    running.stop = begin(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    if (settled) running.stop();
  });
}
