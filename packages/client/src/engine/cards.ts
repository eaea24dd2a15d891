// Cards in both directions: this account's card for one contact, and what a contact's card changes here. Takes and gives verified cards.
// Not a concern here: how a card travels, device lists (device-lists.ts).

import { type Bundle, type Card, Secret, signBundle, type PublicKey, verifyBundleSignature } from "@sotto/protocol";
import type { ContactRecord } from "../records/contact-record.ts";
import type { Transaction } from "./transaction.ts";

/** This account's card, with a fresh bundle of this device; `requestKey` (32 bytes) is the one made for whoever gets it. */
export function ownCard(tx: Transaction, requestKey: Uint8Array): Card {
  const { self } = tx;
  return { list: self.list, bundles: [ownBundle(tx)], relay: self.relay, requestKey: new Secret(requestKey), name: self.name };
}

/** This device's bundle, signed now. */
export function ownBundle(tx: Transaction): Bundle {
  const { device } = tx.state;
  return signBundle(tx.p, device, tx.self.account as PublicKey, { issued: tx.now, bits: 0, locator: tx.self.locator });
}

/** What a card says about reaching its owner; the device list has been dealt with. */
export function reachedBy(
  contact: Pick<ContactRecord, "bundles">,
  card: Card,
): Pick<ContactRecord, "name" | "relay" | "bundles" | "theirRequestKey"> {
  const bundles = { ...contact.bundles };
  for (const bundle of card.bundles) bundles[String(bundle.deviceId)] = bundle.bytes;
  return { name: card.name, relay: card.relay, theirRequestKey: card.requestKey.expose().slice(), bundles };
}

/** A contact's card as this device holds it, for its account's other devices. */
export function keptCard(tx: Transaction, contact: ContactRecord): Card {
  const listed = new Set(contact.list.entries.map((entry) => String(entry.id)));
  const bundles = Object.entries(contact.bundles)
    .filter(([deviceId]) => listed.has(deviceId))
    .map(([, bytes]) => verifyBundleSignature(tx.p, bytes, contact.list));
  const requestKey = new Secret(contact.theirRequestKey ?? new Uint8Array(32));
  return { list: contact.list, bundles, relay: contact.relay, requestKey, name: contact.name };
}
