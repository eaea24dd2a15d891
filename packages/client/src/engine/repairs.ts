// The records of what there is to mend, by session. Takes the transaction; gives and changes them. Not a concern here: how anything is mended
// (repair.ts, restarts.ts, clones.ts).

import type { ContactId } from "../api.ts";
import { RESTART_PAUSE_MS } from "../limits.ts";
import type { RepairRecord } from "../records/repair-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { Transaction } from "./transaction.ts";

/** What is to be mended with a device; nothing, when there is no record. */
export function repairOf(tx: Pick<Transaction, "repairs">, { device, account }: Pick<SessionRecord, "device" | "account">): RepairRecord {
  return tx.repairs.get(device) ?? { device, account, ...NOTHING };
}

/** Changes the record and gives it as it is then. */
export function changeRepair(
  tx: Transaction,
  session: Pick<SessionRecord, "device" | "account">,
  change: Partial<Omit<RepairRecord, "device" | "account">>,
): RepairRecord {
  const record = { ...repairOf(tx, session), ...change };
  tx.repairs.put(record);
  return record;
}

/** When something may be done that was last done at `last` (0: never) and is done once an hour at most, ms. */
export function afterPause({ now }: Pick<Transaction, "now">, last: number): number {
  // What a clock said that was ahead would otherwise put it off until that time.
  return last === 0 ? 0 : Math.min(last, now) + RESTART_PAUSE_MS;
}

/** Whether nothing may be said on a session now: it is being replaced, or a copy of this device may be speaking to that account. */
export function isHeldBack(tx: Transaction, { device, account }: Pick<SessionRecord, "device" | "account">): boolean {
  return tx.repairs.get(device)?.renewing === true || isSuspected(tx, account);
}

/** Whether a copy of this device may be speaking to an account. */
export function isSuspected(tx: Pick<Transaction, "repairs">, account: ContactId): boolean {
  for (const repair of tx.repairs.values()) if (repair.account === account && repair.clone !== null) return true;
  return false;
}

const NOTHING = {
  askDue: null,
  askedAt: 0,
  unanswered: 0,
  keys: [],
  renewing: false,
  clone: null,
  asked: null,
  lastIssued: 0,
  answeredAt: 0,
  resendAsked: null,
} as const;
