// Knocks that arrive (spec §5): a new device of a contact that has nothing fresh to begin a session with. Takes a cell on the contact's lane;
// learns of the device and introduces this one to it. Not a concern here: knocking (knocking.ts).

import { accountId, type CellAddress, decodeBundle, deviceInList, openKnock, type PublicKey } from "@sotto/protocol";
import type { ContactRecord } from "../records/contact-record.ts";
import { acceptContactList } from "./device-lists.ts";
import { introduceToContact } from "./joining.ts";
import type { Transaction } from "./transaction.ts";
import { ifVerified } from "./verified.ts";

/** A cell on a contact's lane that may be a knock. Gives whether it was one, of that account. */
export async function receiveKnock(tx: Transaction, contact: ContactRecord, address: CellAddress, body: Uint8Array): Promise<boolean> {
  const at = { address, body, device: tx.device, account: tx.self.account as PublicKey };
  const knock = ifVerified(() => openKnock(tx.p, at, tx.now));
  if (knock === undefined) return false;
  const { list, bundle } = knock;
  if (accountId(list.account) !== (contact.id as string)) return false;
  const current = await acceptContactList(tx, contact, list);
  const entry = list.entries.find(({ id }) => id === bundle.deviceId);
  if (current.phase !== "open" || entry === undefined || deviceInList(current.list, entry.key) === undefined) return true;
  const held = current.bundles[String(bundle.deviceId)];
  const isNewer = held === undefined || decodeBundle(held).issued < bundle.issued;
  const bundles = isNewer ? { ...current.bundles, [bundle.deviceId]: bundle.bytes } : current.bundles;
  introduceToContact(tx, tx.changeContact(contact.id, { bundles }));
  return true;
}
