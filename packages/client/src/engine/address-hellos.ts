// The first words to somebody who was found at their public address: only now do they hear of this account. Takes the contact; begins a session
// with each of their devices. Not a concern here: how they became a contact (asking.ts).

import type { ContactRecord } from "../records/contact-record.ts";
import { introduce } from "./introductions.ts";
import { helloPlaintext } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/** Introduces this device to every device of a published account. */
export function askAtAddress(tx: Transaction, contact: ContactRecord): void {
  const plaintext = helloPlaintext(tx, contact, { knowsAll: true });
  for (const { id: deviceId } of contact.list.entries) {
    const oneTime = contact.oneTime[String(deviceId)];
    introduce(tx, contact, { kind: "address", deviceId }, plaintext, oneTime === undefined ? {} : { oneTime });
  }
  tx.changeContact(contact.id, { asked: true, oneTime: {} });
}
