// Forgets what is past its retention, a step at a time so that appends go on in between, and gives the disk its bytes back.

import type { BlobFiles } from "../blobs/blob-files.ts";
import type { Clock } from "../clock.ts";
import { EXPIRY_INTERVAL_MS, type Limits } from "../limits.ts";
import type { Store } from "../store/store.ts";
import { codeOf, type Log } from "./log.ts";

/** The looking. */
export interface Expiry {
  /** Resolves when a look that is under way has ended. */
  stop(): Promise<void>;
}

/** Begins to look now and then. */
export function startExpiry(store: Store, blobs: BlobFiles, limits: Limits, clock: Clock, log: Log): Expiry {
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      let cells = 0;
      for (let more = true; more && !stop.signal.aborted;) {
        const step = await store.expire();
        cells += step.removed;
        more = step.more;
      }
      const removed = await blobs.expire();
      if (cells + removed > 0) log({ event: "expired", cells, blobs: removed });
    } catch (error) {
      log({ event: "failed", where: "expiry", code: codeOf(error) });
    }
    running = undefined;
  };
  const stopTimer = clock.every(Math.min(EXPIRY_INTERVAL_MS, limits.segmentMs), () => {
    running ??= look();
  });
  return {
    async stop() {
      stop.abort();
      stopTimer();
      await running;
    },
  };
}
