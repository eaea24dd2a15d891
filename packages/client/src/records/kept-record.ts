// A cell that a relay has taken, as stored: the bytes alone, so that they can be pinned at another relay when that one is gone with what it had.

import type { ContactId } from "../api.ts";
import { hex } from "../engine/hex.ts";
import { plainKind } from "../engine/table.ts";

/** One cell, and where it lies. */
export interface KeptRecord {
  /** Order of storing. */
  readonly order: number;
  readonly relay: string;
  /** When it was stored, ms. */
  readonly at: number;
  readonly bits: number;
  readonly prefix: Uint8Array;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
  /** Whom it is for. */
  readonly account: ContactId;
  /** The session that it goes on, by its name, and the place in the log of the message that it carries. */
  readonly device: string | null;
  readonly message: number | null;
}

export const keptKind = plainKind<KeptRecord>("kept", (record) => hex(record.tag));
