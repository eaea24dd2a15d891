// A session whose state this device lost, or can no more use, is begun anew without anybody noticing (spec §8): this device asks the other one
// by a restart on its request lane. Only what a relay cannot bring about leads here. Takes the transaction; changes sessions and enqueues
// cells. Not a concern here: answering (restarts.ts), what is said again (resending.ts).

import { type DeviceList, equalBytes, type ProtocolError } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { REMEMBERED_RESTARTS, REPAIR_DELAY_MS, RESTART_AGAIN_MS, RESTART_RETRY_MS } from "../limits.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import { askForRestart } from "./introductions.ts";
import { isListed } from "./notices.ts";
import { sessionBegan } from "./outbound.ts";
import { randomBetween } from "./randomness.ts";
import { afterPause, changeRepair, repairOf } from "./repairs.ts";
import { openSession } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Looks for devices with which there ought to be a session and is none: its record was lost or damaged. Once, when an account is opened. */
export function noticeLostSessions(tx: Transaction): void {
  const { self } = tx;
  if (!isListed(tx)) return;
  const ask = (session: SessionRecord): void => askSoon(tx, session, { renewing: true, due: tx.now });
  for (const session of openLost(tx, self.id as string as ContactId, self.list)) ask(session);
  for (const contact of tx.contacts.values()) {
    if (contact.phase !== "open" && contact.phase !== "asking" && contact.phase !== "request") continue;
    const lost = openLost(tx, contact.id, contact.list);
    if (contact.phase === "open") lost.forEach(ask);
    // Nobody there knows this device yet: the next message asks once more.
    else if (lost.length > 0 && contact.invite === null) tx.changeContact(contact.id, { asked: false });
  }
}

/** Whether what a session said about a cell means that the session is broken: nothing that a relay could bring about does (S-7). */
export function isBroken(error: ProtocolError): boolean {
  return !["cell/unknown-tag", "cell/invalid", "session/duplicate", "session/too-far"].includes(error.code);
}

/** A genuine cell came whose message the session cannot open: the two ends do not fit together any more. */
export function sessionBroken(tx: Transaction, session: SessionRecord): void {
  if (session.account !== (tx.self.id as string) && tx.contacts.get(session.account)?.phase !== "open") return;
  askSoon(tx, session, { renewing: false, due: tx.now + randomBetween(tx, REPAIR_DELAY_MS) });
}

/** Wants a new session with a device: not more than one restart an hour. */
export function askSoon(tx: Transaction, session: SessionRecord, { renewing, due }: { renewing: boolean; due: number }): void {
  const { askDue, askedAt, renewing: before } = repairOf(tx, session);
  const earliest = Math.max(due, afterPause(tx, askedAt));
  changeRepair(tx, session, { askDue: Math.min(askDue ?? earliest, earliest), renewing: renewing || before });
}

/** Sends the restarts that are due. Until the other side has begun a session they go on, ever more rarely: a relay may drop some. */
export function askWhereDue(tx: Transaction): void {
  if (!isListed(tx)) return;
  for (const { device, askDue } of [...tx.repairs.values()]) {
    const session = tx.sessions.get(device);
    if (askDue === null || askDue > tx.now || session === undefined) continue;
    const key = askForRestart(tx, session);
    const { keys, unanswered } = repairOf(tx, session);
    if (key === null) giveUpAsking(tx, session, null);
    else {
      const again = tx.now + Math.min(RESTART_AGAIN_MS.least * 2 ** unanswered, RESTART_AGAIN_MS.most);
      const asked = [...keys, key].slice(-REMEMBERED_RESTARTS);
      changeRepair(tx, session, { askDue: again, askedAt: tx.now, unanswered: unanswered + 1, keys: asked });
    }
  }
}

/** The lane is full until cells on it expire: asked again later. What can be said on the session before goes on it. */
export function laneIsFull(tx: Transaction, session: SessionRecord): void {
  giveUpAsking(tx, session, tx.now + RESTART_RETRY_MS);
}

function giveUpAsking(tx: Transaction, session: SessionRecord, askDue: number | null): void {
  changeRepair(tx, session, { askDue, renewing: false });
  sessionBegan(tx, session.device);
}

/** The other side has begun a session: what was wrong with the one before does not matter any more. */
export function sessionMended(tx: Transaction, device: string): void {
  const repair = tx.repairs.get(device);
  if (repair !== undefined) tx.repairs.put({ ...repair, askDue: null, unanswered: 0, renewing: false });
}

/** Opens the sessions that a list says there are and that are not there, and gives them. */
function openLost(tx: Transaction, account: ContactId, list: DeviceList): SessionRecord[] {
  const lost = list.entries.filter(
    ({ key }) => !equalBytes(key, tx.device.keys.publicKey) && tx.sessions.get(sessionName(key)) === undefined,
  );
  return lost.map((entry) => {
    openSession(tx, account, list.account, entry);
    return tx.sessions.get(sessionName(entry.key)) as SessionRecord;
  });
}
