// What there is to mend between this device and another one, as stored beside the session, so that losing that loses nothing of this. There
// is a record only for devices with which something went wrong. Not a concern here: what is done about it.

import type { OneTimePrekey } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { plainKind, type RecordKind } from "../engine/table.ts";

/** What made this device suspect that there is a copy of it: its tags were taken, or a session was begun anew that it did not ask for. */
export type CloneSign = "taken" | "restarted";

/** A restart of theirs that has not been answered yet. */
export interface AskedRestart {
  readonly issued: number;
  /** Their bundle, verified when it came. */
  readonly bundle: Uint8Array;
  readonly oneTime: OneTimePrekey;
  /** When it will be answered, ms. */
  readonly due: number;
}

/** One device with which something has to be mended, or had to be. */
export interface RepairRecord {
  /** The session's name. */
  readonly device: string;
  readonly account: ContactId;
  /** When this device will ask for a new session, ms; `null` when it does not want one. */
  readonly askDue: number | null;
  /** When it last asked, ms; 0 when it never did. */
  readonly askedAt: number;
  /** How often it asked since the other side last began a session. */
  readonly unanswered: number;
  /** One-time prekeys (33 bytes) of the last restarts that it asked for. */
  readonly keys: readonly Uint8Array[];
  /** Whether what is to be said waits until the other side has begun a new session. */
  readonly renewing: boolean;
  /** Since when (ms) and why there may be a copy of this device; sending stops until the person has decided. */
  readonly clone: { readonly sign: CloneSign; readonly since: number } | null;
  readonly asked: AskedRestart | null;
  /** The newest restart of theirs that was taken in, by its time, and when one was last answered, ms. */
  readonly lastIssued: number;
  readonly answeredAt: number;
  /** Since when (ms) sending again what they have not acknowledged waits for the person's yes. */
  readonly resendAsked: number | null;
}

export const repairKind: RecordKind<RepairRecord> = { ...plainKind<RepairRecord>("repairs", (record) => record.device), mendable: true };
