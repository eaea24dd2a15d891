// A plaintext that cannot be shown yet, as stored: kept until its conversation is open, dropped when it never will be.

import type { ContactId } from "../api.ts";
import { plainKind } from "../engine/table.ts";

/** One decrypted plaintext and the session it came on. */
export interface HeldRecord {
  /** The conversation that it waits for. */
  readonly account: ContactId;
  /** The session's name. */
  readonly device: string;
  /** Order of arrival. */
  readonly place: number;
  readonly plaintext: Uint8Array;
}

export const heldKind = plainKind<HeldRecord>("held", (record) => `${record.account} ${record.place}`);
