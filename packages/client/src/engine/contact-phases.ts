// How two people come to talk: the steps of a contact from asking or being asked to open, and out again. Takes contacts; changes their phase
// and does what each step entails, my other devices first: whoever can write to a person must be known to that person before. Not a concern
// here: cells, what is written.

import type { Stamp } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import { watchContactLane } from "./lanes.ts";
import { takeHeld } from "./held.ts";
import { openConversation } from "./conversations.ts";
import { introduceToContact } from "./joining.ts";
import { sendCard, syncContact } from "./notices.ts";
import { failCell } from "./outbound.ts";
import { closeSessions, fitSessions } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Whether there is a conversation with somebody already. */
export function isAskedOrOpen(contact: ContactRecord | undefined): boolean {
  return contact?.phase === "open" || contact?.phase === "asking";
}

/** Both sides agreed: the conversation is there, my other devices know the contact, and then the contact gets my card. */
export async function contactOpened(tx: Transaction, id: ContactId, change: Partial<ContactRecord> = {}): Promise<void> {
  const contact = tx.changeContact(id, { ...change, phase: "open", onlyDevice: null });
  await fitSessions(tx, id, contact.list);
  watchContactLane(tx, contact);
  openConversation(tx, id);
  const synced = syncContact(tx, contact);
  sendCard(tx, contact, { after: synced });
  introduceToContact(tx, contact);
}

/** I accept a stranger's request. What they wrote meanwhile is released by the caller. */
export async function acceptRequest(tx: Transaction, id: ContactId): Promise<void> {
  await contactOpened(tx, id, { changed: changedNow(tx, id) });
}

/** I do not want to talk to a stranger; `blocked`: nor be asked again. What they wrote is dropped unread, they are told nothing. */
export async function refuseRequest(tx: Transaction, id: ContactId, phase: "declined" | "blocked"): Promise<void> {
  const contact = tx.changeContact(id, { phase, changed: changedNow(tx, id) });
  takeHeld(tx, id);
  await closeSessions(tx, id);
  syncContact(tx, contact);
}

/** My first contact cannot reach them: an invite was used up by others. What waits for it is not sent. */
export async function contactRefused(tx: Transaction, id: ContactId): Promise<void> {
  const contact = tx.changeContact(id, { phase: "refused", changed: changedNow(tx, id) });
  for (const cell of [...tx.outbox.values()]) if (cell.account === id) await failCell(tx, cell, "invite/used");
  await closeSessions(tx, id);
  syncContact(tx, contact);
}

/** The stamp of a person's change of a contact, or of what counts as one. */
export function changedNow(tx: Transaction, id: ContactId): Stamp {
  return tx.stamp((tx.contacts.get(id) as ContactRecord).changed);
}
