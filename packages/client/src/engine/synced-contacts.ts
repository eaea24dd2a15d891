// Contacts that another device of this account tells of: who they are, how far we have met, what I call them. The newer change of a person
// wins; what a card says is taken as if it had come here. Not a concern here: telling others.

import { accountId, type ContactBody, equalBytes, isLater, verifyKeptCard } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { type ContactPhase, type ContactRecord, NEW_CONTACT } from "../records/contact-record.ts";
import { reachedBy } from "./cards.ts";
import { takeHeld } from "./held.ts";
import { acceptContactList } from "./device-lists.ts";
import { watchContactLane } from "./lanes.ts";
import { openConversation } from "./conversations.ts";
import { introduceToContact } from "./joining.ts";
import { sendCard, syncContact } from "./notices.ts";
import { keepContactKey, takeContactKey } from "./request-keys.ts";
import { closeSessions, fitSessions } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Takes a contact as another device of mine knows it. Errors of `verifyKeptCard`. */
export async function acceptSyncedContact(tx: Transaction, body: ContactBody): Promise<void> {
  const card = verifyKeptCard(tx.p, body.card);
  const id = accountId(card.list.account) as ContactId;
  if (id === (tx.self.id as string)) return;
  const held = tx.contacts.get(id);
  // A device of mine that has not heard of the newest list yet is no relay that hides one.
  const known = held === undefined || card.list.version < held.list.version ? held : await acceptContactList(tx, held, card.list);
  const theirs = isZero(card.requestKey.expose()) ? null : card.requestKey.expose().slice();
  const reach = { ...reachedBy(tx, known ?? { bundles: {} }, card), theirRequestKey: theirs ?? known?.theirRequestKey ?? null };
  const later = known === undefined || isLater(body.changed, known.changed);
  const renamed = known === undefined || isLater(body.named, known.named);
  const contact: ContactRecord = {
    ...NEW_CONTACT,
    asked: true,
    met: tx.now,
    list: card.list,
    ourRequestKey: body.requestKey.expose().slice(),
    keyed: body.keyed,
    ...known,
    id,
    account: card.list.account,
    ...reach,
    name: renamed ? card.name : known.name,
    named: renamed ? body.named : known.named,
    phase: mergedPhase(known?.phase, body.phase, later),
    verified: later ? body.verified : known.verified,
    assessed: later ? body.assessed : known.assessed,
    alarmed: Math.max(body.alarmed, known?.alarmed ?? 0),
    alias: later ? (body.name ?? null) : known.alias,
    changed: later ? body.changed : known.changed,
  };
  tx.contacts.put(contact);
  if (known !== undefined) mergeKey(tx, known, body);
  await followPhase(tx, tx.contacts.get(id) as ContactRecord);
  // What neither of the two had is told, so that all devices end with it.
  if (contact.phase !== body.phase && isAgreement(known?.phase, body.phase)) syncContact(tx, tx.contacts.get(id) as ContactRecord);
  if (contact.phase === "open") introduceToContact(tx, contact);
}

async function followPhase(tx: Transaction, contact: ContactRecord): Promise<void> {
  switch (contact.phase) {
    case "open":
    case "asking":
      await fitSessions(tx, contact.id, contact.list);
      watchContactLane(tx, contact);
      openConversation(tx, contact.id, contact.changed.at);
      return;
    case "request":
      await fitSessions(tx, contact.id, contact.list);
      return;
    case "declined":
    case "blocked":
    case "refused":
      takeHeld(tx, contact.id);
      await closeSessions(tx, contact.id);
      return;
  }
}

/** Of two keys that devices of mine made, the later one holds; the contact may use either until it has heard of that. */
function mergeKey(tx: Transaction, known: ContactRecord, { requestKey, keyed }: ContactBody): void {
  const told = requestKey.expose().slice();
  if (equalBytes(told, known.ourRequestKey)) return;
  if (!isLater(keyed, known.keyed)) return keepContactKey(tx, known.id, told);
  const contact = takeContactKey(tx, known.id, told, { keyed });
  if (known.keyed.by === tx.device.id && contact.phase === "open") sendCard(tx, contact, { brief: true });
}

/** An agreement that one device has seen is not undone by another that had not seen it yet, whatever that one did meanwhile. */
function mergedPhase(known: ContactPhase | undefined, told: ContactPhase, later: boolean): ContactPhase {
  if (known === undefined) return told;
  if (isAgreement(known, told)) return "open";
  return later ? told : known;
}

/** Whether one of two has seen both sides agree, and the other does not know it yet. */
function isAgreement(known: ContactPhase | undefined, told: ContactPhase): boolean {
  const undecided = (phase: ContactPhase | undefined): boolean => phase === "asking" || phase === "request";
  return (known === "open" && undecided(told)) || (told === "open" && undecided(known));
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
