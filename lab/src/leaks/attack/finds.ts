// What an attacker got out of a log. Cells are numbered as in the log.

/** Grows while an attack goes on. */
export interface Finds {
  /** What was written in the cells whose message was opened. */
  readonly opened: Map<number, Uint8Array>;
  /** Cells known to be of this conversation, by their tag alone. */
  readonly recognised: Set<number>;
  /** First contacts whose sender was seen. */
  readonly introduced: Set<number>;
}

/** Before anything was tried. */
export const noFinds = (): Finds => ({ opened: new Map(), recognised: new Set(), introduced: new Set() });
