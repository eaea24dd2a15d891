// What two accounts know of each other's devices, kept equal: whoever learned of a newer list says so, whoever was never told a list is told
// (spec §2: a relay cannot hide a removal for long). Not a concern here: what lists do.

import type { ContactId } from "../api.ts";
import { sendCard } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/**
 * After something was heard on a session: a card to all of the contact's devices if their list became newer, or to this one device if it was
 * not told the newest list of mine. A card that brings nothing new is not answered, so this ends.
 */
export function keepInformed(tx: Transaction, device: string): void {
  const session = tx.sessions.get(device);
  const contact = session === undefined ? undefined : tx.contacts.get(session.account);
  if (session === undefined || contact?.phase !== "open") return;
  if (contact.acknowledged < contact.list.version) sendCard(tx, contact, { brief: true });
  else if (session.told < tx.self.list.version) sendCard(tx, contact, { only: session });
}

/** Everybody who is to hear of a newer list of this account: people, by the devices that can be reached. */
export function audience(tx: Transaction): ContactId[] {
  return [...tx.contacts.values()].filter(({ phase, asked }) => phase === "open" || (phase === "asking" && asked)).map(({ id }) => id);
}
