// Signs that there is a copy of this device (spec §8): other bytes under tags that only this device's state leads to, or a session begun anew
// on a wish that was not its own. Evidence, never proof: a peer can jam and a relay can lie. So sending to that account stops, the person is
// told and decides. Not a concern here: replacing this device (renewal.ts).

import { type RestartedBody, equalBytes } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { CloneSign } from "../records/repair-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { holdBack } from "./outbound.ts";
import { askSoon } from "./repair.ts";
import { changeRepair, isSuspected, repairOf } from "./repairs.ts";
import { sessionsWith } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Stops sending to the account of a session and says so; what is on its way waits. */
export function suspectClone(tx: Transaction, session: SessionRecord, sign: CloneSign): void {
  const known = isSuspected(tx, session.account);
  if (repairOf(tx, session).clone === null) changeRepair(tx, session, { clone: { sign, since: tx.now } });
  holdBack(tx, session.account);
  if (known) return;
  tx.happened({ type: "error", error: new MessengerError("session/peer-or-clone", {}) });
}

/** The last word on a session that the other side began anew: as long as this device asked for it, all is well. */
export function receiveRestarted(tx: Transaction, session: SessionRecord, { key }: RestartedBody): void {
  const { keys } = repairOf(tx, session);
  if (!keys.some((own) => equalBytes(own, key))) suspectClone(tx, session, "restarted");
}

/**
 * The person says that it was they themselves (a restored disk, a copied virtual machine), or that it does not matter: the sessions are begun
 * anew, under keys that no copy has, and what waited is said on those.
 */
export function continueSending(tx: Transaction, account: ContactId): void {
  if (!isSuspected(tx, account)) return;
  for (const session of sessionsWith(tx, account)) {
    const suspected = repairOf(tx, session).clone !== null;
    if (suspected) changeRepair(tx, session, { clone: null });
    // A copy has the sessions with all devices of the account; what waits for any of them was held back.
    if (suspected || session.session.canSend(tx.now)) askSoon(tx, session, { renewing: true, due: tx.now });
  }
}
