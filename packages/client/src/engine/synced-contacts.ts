// Contacts that another device of this account tells of: who they are, how far we have met, what I call them. The newer change of a person
// wins; what a card says is taken as if it had come here. Not a concern here: telling others.

import { accountId, type ContactBody, verifyKeptCard } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import type { ContactPhase, ContactRecord } from "../records/contact-record.ts";
import { reachedBy } from "./cards.ts";
import { takeHeld } from "./held.ts";
import { acceptContactList } from "./device-lists.ts";
import { watchContactLane } from "./lanes.ts";
import { openConversation } from "./conversations.ts";
import { introduceToContact } from "./joining.ts";
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
  const reach = { ...reachedBy(known ?? { bundles: {} }, card), theirRequestKey: theirs ?? known?.theirRequestKey ?? null };
  const newer = known === undefined || body.changed >= known.changed;
  const contact: ContactRecord = {
    asked: true,
    invite: null,
    onlyDevice: null,
    oneTime: {},
    acknowledged: 0,
    met: tx.now,
    list: card.list,
    ...known,
    id,
    account: card.list.account,
    ...reach,
    ourRequestKey: body.requestKey.expose().slice(),
    phase: mergedPhase(known?.phase, body.phase, newer),
    verified: newer ? body.verified : known.verified,
    alias: newer ? (body.name ?? null) : known.alias,
    changed: Math.max(body.changed, known?.changed ?? 0),
  };
  tx.contacts.put(contact);
  await followPhase(tx, contact);
  if (contact.phase === "open") introduceToContact(tx, contact);
}

async function followPhase(tx: Transaction, contact: ContactRecord): Promise<void> {
  switch (contact.phase) {
    case "open":
    case "asking":
      await fitSessions(tx, contact.id, contact.list);
      watchContactLane(tx, contact);
      openConversation(tx, contact.id, contact.changed);
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

/** An agreement that this device has seen is not undone by a device that had not seen it yet. */
function mergedPhase(known: ContactPhase | undefined, told: ContactPhase, newer: boolean): ContactPhase {
  if (known === undefined) return told;
  if (told === "open" && (known === "asking" || known === "request")) return "open";
  if (known === "open" && (told === "asking" || told === "request")) return "open";
  return newer ? told : known;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
