// What a person changes about a contact. Takes the contact's id; tells this account's other devices. `argument/invalid` for who is not known
// (any more). Not a concern here: how people meet.

import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import { changedNow } from "./contact-phases.ts";
import { syncContact } from "./notices.ts";
import { assessment } from "./trust.ts";
import type { Transaction } from "./transaction.ts";

/** Calls a contact by a name of my own; `null`: by theirs. */
export function renameContact(tx: Transaction, id: ContactId, alias: string | null): void {
  change(tx, id, () => ({ alias }));
}

/** Says that the safety number was compared, or takes that back; either way the person has thought of every alarm so far. */
export function verifyContact(tx: Transaction, id: ContactId, verified: boolean): void {
  change(tx, id, (contact) => assessment(contact, verified));
}

function change(tx: Transaction, id: ContactId, by: (contact: ContactRecord) => Partial<ContactRecord>): void {
  const contact = tx.contacts.get(id);
  if (contact === undefined) throw new MessengerError("argument/invalid", { reason: "this contact is not known any more" });
  syncContact(tx, tx.changeContact(id, { ...by(contact), changed: changedNow(tx, id) }));
}
