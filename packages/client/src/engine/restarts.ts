// Restarts that arrive (spec §8): a device of a known account lost its session with this one and asks for another. Takes the cell on that
// account's lane; begins a new session after a random pause, says a last word on those before, and says again what was not acknowledged; with
// a verified person only after a yes. Not a concern here: asking (repair.ts), what a copy of a device is told by the last word (clones.ts).

import {
  type CellAddress,
  encodeContents,
  openRestart,
  prekeysOf,
  type PublicKey,
  type Restart,
  verifyBundleSignature,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { REPAIR_DELAY_MS } from "../limits.ts";
import type { RepairRecord } from "../records/repair-record.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import { introduce, type Recipient } from "./introductions.ts";
import { ownHello, welcome } from "./joining.ts";
import { helloPlaintext, markTold, newContent } from "./notices.ts";
import { enqueue } from "./outbound.ts";
import { randomBetween } from "./randomness.ts";
import { afterPause, changeRepair, repairOf } from "./repairs.ts";
import { sayAgain } from "./resending.ts";
import type { Transaction } from "./transaction.ts";
import { trustIn } from "./trust.ts";
import { ifVerified } from "./verified.ts";

/** A cell on an account's lane that may be a restart. Gives whether it was one, of a device of that account. */
export function receiveRestart(tx: Transaction, account: ContactId, address: CellAddress, body: Uint8Array): boolean {
  const from = recipientOf(tx, account);
  if (from === undefined) return false;
  const at = { address, body, device: tx.device, account: tx.self.account as PublicKey };
  const restart = ifVerified(() => rehearsed(tx, openRestart(tx.p, at, from.to.list, tx.now)));
  if (restart === undefined) return false;
  const session = tx.sessions.get(sessionName(restart.device.key));
  if (session?.account === account) takeIn(tx, session, restart);
  return true;
}

/** Answers the restarts whose time has come. */
export async function answerWhereDue(tx: Transaction): Promise<void> {
  for (const { device, asked } of [...tx.repairs.values()]) {
    const session = tx.sessions.get(device);
    if (asked === null || asked.due > tx.now || session === undefined) continue;
    changeRepair(tx, session, { asked: null, answeredAt: tx.now });
    await answer(tx, session, asked);
  }
}

/** The person says whether a verified contact's device is told again what it has not acknowledged. */
export async function decideResend(tx: Transaction, account: ContactId, allowed: boolean): Promise<void> {
  for (const repair of [...tx.repairs.values()]) {
    const session = tx.sessions.get(repair.device);
    if (repair.account !== account || repair.resendAsked === null || session === undefined) continue;
    changeRepair(tx, session, { resendAsked: null });
    if (allowed) await sayAgain(tx, session);
    else tx.unacknowledged.delete(session.device);
  }
}

/** An older restart than one that was taken in is a repetition. A newer one replaces it; within the hour after an answer it waits. */
function takeIn(tx: Transaction, session: SessionRecord, { issued, bundle, oneTime }: Restart): void {
  const { lastIssued, answeredAt } = repairOf(tx, session);
  if (issued <= lastIssued) return;
  const due = Math.max(tx.now + randomBetween(tx, REPAIR_DELAY_MS), afterPause(tx, answeredAt));
  changeRepair(tx, session, { lastIssued: issued, asked: { issued, bundle: bundle.bytes, oneTime, due } });
}

async function answer(tx: Transaction, session: SessionRecord, { bundle, oneTime }: NonNullable<RepairRecord["asked"]>): Promise<void> {
  const { account, deviceId, device } = session;
  const from = recipientOf(tx, account);
  if (from === undefined || !isStillListed(tx, from.to, bundle)) return;
  const lastWord = encodeContents([newContent(tx, "restarted", { key: oneTime.key })]);
  const retired = session.session.retire(tx.p, lastWord, tx.now);
  tx.sessions.put({ ...session, session: retired.session });
  for (const cell of retired.cells) enqueue(tx, { account, deviceId, lane: { kind: "session", device }, ...cell, plaintext: lastWord });
  const lane = { kind: "introduction", requestKey: from.requestKey, index: 0, deviceId } as const;
  introduce(tx, { ...from.to, bundles: { [deviceId]: bundle } }, lane, from.hello(), { oneTime });
  markTold(tx, device);
  if (from.isOwn) welcome(tx, session);
  // What waits for a yes is not had by asking for a new session meanwhile.
  const needsYes = from.needsYes || repairOf(tx, session).resendAsked !== null;
  if (needsYes && tx.unacknowledged.get(device) !== undefined) {
    changeRepair(tx, session, { resendAsked: tx.now });
  } else await sayAgain(tx, session);
}

interface Asking {
  readonly to: Recipient;
  readonly requestKey: Uint8Array;
  readonly isOwn: boolean;
  readonly needsYes: boolean;
  hello(): Uint8Array;
}

/** Those who may ask for a new session: people I talk with, and this account's own devices. */
function recipientOf(tx: Transaction, account: ContactId): Asking | undefined {
  const { self } = tx;
  if (account === (self.id as string)) {
    const to = { id: account, list: self.list, bundles: {} };
    return { to, requestKey: self.requestKey, isOwn: true, needsYes: false, hello: () => ownHello(tx) };
  }
  const contact = tx.contacts.get(account);
  if (contact?.phase !== "open" || contact.theirRequestKey === null) return undefined;
  const hello = (): Uint8Array => helloPlaintext(tx, contact, { knowsAll: true });
  return { to: contact, requestKey: contact.theirRequestKey, isOwn: false, needsYes: trustIn(contact) !== "unverified", hello };
}

/** Refuses now, and not when it is to be answered, what no session can be begun with. */
function rehearsed(tx: Transaction, restart: Restart): Restart {
  const { bundle, device, oneTime } = restart;
  const session = tx.sessions.get(sessionName(device.key));
  session?.session.initiate(tx.p, prekeysOf(tx.p, bundle, device, oneTime), new Uint8Array(1), tx.now);
  return restart;
}

/** A device that was removed while its restart waited is not answered. */
function isStillListed(tx: Transaction, { list }: Recipient, bundle: Uint8Array): boolean {
  return ifVerified(() => verifyBundleSignature(tx.p, bundle, list)) !== undefined;
}
