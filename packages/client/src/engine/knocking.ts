// Knocks on their way out (spec §5): where this device has nothing fresh to begin a session with, because what it knows of a contact is old or
// too little, it asks the other side to begin. Takes a contact's device; enqueues the cell. Not a concern here: answering one (answering-knocks.ts).

import { decodeBundle, MAX_BUNDLE_AGE_MS } from "@sotto/protocol";
import type { ContactRecord } from "../records/contact-record.ts";
import { sendKnock } from "./introductions.ts";
import type { Transaction } from "./transaction.ts";

/** Whether the prekeys that are known of a device may be gone there: a hello made from them would never be answered. */
export function isStale(tx: Transaction, { bundles }: ContactRecord, deviceId: number): boolean {
  const bundle = bundles[String(deviceId)];
  return bundle !== undefined && tx.now - decodeBundle(bundle).issued > MAX_BUNDLE_AGE_MS;
}

/** Asks a device of a contact to begin a session with this one; once for each list of this account. */
export function knock(tx: Transaction, contact: ContactRecord, device: string): void {
  const session = tx.sessions.get(device);
  if (session === undefined || contact.theirRequestKey === null || session.told >= tx.self.list.version) return;
  sendKnock(tx, contact, { kind: "knock", requestKey: contact.theirRequestKey, index: 0, deviceId: session.deviceId });
  tx.sessions.put({ ...session, told: tx.self.list.version });
}
