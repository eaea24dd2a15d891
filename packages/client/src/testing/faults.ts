// What can go wrong on the way to a relay, as numbers. Takes what a test asks for; gives checked values. Not a concern here: doing it
// (network.ts).

import { MessengerError } from "../errors.ts";

/** Faults of a network. Chances are from 0 to 1. */
export interface Faults {
  /**
   * Chance that a request, its answer or a frame is lost. A lost request or answer is silence until the client gives up (20 s); a lost frame
   * breaks the socket.
   */
  readonly drop: number;
  /** How long each way takes, ms of the relay's clock: use `advance` to let it pass. */
  readonly delay: number;
  /** Chance that a request is overtaken: it takes up to a second longer than the others. Sockets keep their order. */
  readonly reorder: number;
  /** Chance that a request arrives twice. */
  readonly duplicate: number;
  /** Nothing leaves and nothing arrives; sockets break at once. */
  readonly offline: boolean;
}

/** A network without faults. */
export const NO_FAULTS: Faults = { drop: 0, delay: 0, reorder: 0, duplicate: 0, offline: false };

/** How much longer a request takes that others overtake, ms at most. */
export const OVERTAKEN_MS = 1_000;

/** The faults with some of them changed. `argument/invalid`. */
export function changedFaults(faults: Faults, change: Partial<Faults>): Faults {
  for (const name of ["drop", "reorder", "duplicate"] as const) {
    const chance = change[name] ?? 0;
    if (!(chance >= 0 && chance <= 1)) throw new MessengerError("argument/invalid", { reason: `${name} is a chance from 0 to 1` });
  }
  const { delay = 0 } = change;
  if (!(delay >= 0 && delay < Infinity)) throw new MessengerError("argument/invalid", { reason: "delay is a time in ms, 0 or more" });
  return { ...faults, ...change };
}
