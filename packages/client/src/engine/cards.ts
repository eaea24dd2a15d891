// Cards in both directions: this account's card for one contact, and what a contact's card changes here. Takes and gives verified cards.
// Not a concern here: how a card travels, device lists (device-lists.ts).

import {
  type Bundle,
  type Card,
  deviceInList,
  type DeviceList,
  MAX_CLOCK_SKEW_MS,
  type Primitives,
  Secret,
  verifyBundleSignature,
} from "@sotto/protocol";
import type { ContactRecord } from "../records/contact-record.ts";
import { ownBundle } from "./own-prekeys.ts";
import { toldRelays } from "./own-relays.ts";
import type { Transaction } from "./transaction.ts";
import { ifVerified } from "./verified.ts";

/**
 * This account's card, this device's bundle first; `requestKey` (32 bytes) is the one made for whoever gets it. `lasting`: the card is kept
 * for as long as bundles are accepted, so this device's is signed now.
 */
export function ownCard(tx: Transaction, requestKey: Uint8Array, options: { lasting?: boolean } = {}): Card {
  const { self } = tx;
  const others = knownBundles(tx.p, self.deviceBundles, self.list).filter(({ deviceId }) => deviceId !== tx.device.id);
  const own = ownBundle(tx, options.lasting === true ? 0 : undefined).bundle;
  // What a device owes before it has heard that it is listed is told with the list that it knows, on which its bundle could not stand.
  const isListed = deviceInList(self.list, tx.device.keys.publicKey) !== undefined;
  return {
    list: self.list,
    bundles: isListed ? [own, ...others] : others,
    relays: toldRelays(self),
    chosen: self.relaysChosen,
    requestKey: new Secret(requestKey),
    name: self.name,
  };
}

/** A card in pieces that each fit a cell: one for each bundle, all else in every one. */
export function piecesOf(card: Card): readonly Card[] {
  return card.bundles.length < 2 ? [card] : card.bundles.map((bundle) => ({ ...card, bundles: [bundle] }));
}

/** Bundles that were kept, of devices that are still listed and under the keys that are listed now. */
export function knownBundles(p: Primitives, kept: Readonly<Record<string, Uint8Array>>, list: DeviceList): readonly Bundle[] {
  return list.entries.flatMap(({ id }) => {
    const bytes = kept[String(id)];
    return bytes === undefined ? [] : (ifVerified(() => verifyBundleSignature(p, bytes, list)) ?? []);
  });
}

/** How somebody is reached. */
export type Reach = Pick<ContactRecord, "name" | "relays" | "relaysChosen" | "bundles" | "theirRequestKey">;

/** What a card says about reaching its owner; the device list has been dealt with. What they said of their name since holds. */
export function reachedBy(
  { now }: Pick<Transaction, "now">,
  contact: Pick<ContactRecord, "bundles"> & Partial<Pick<ContactRecord, "name" | "named" | "relays" | "relaysChosen">>,
  card: Card,
): Reach {
  const bundles = { ...contact.bundles };
  for (const bundle of card.bundles) bundles[String(bundle.deviceId)] = bundle.bytes;
  const name = (contact.named?.at ?? 0) > 0 ? (contact.name as string) : card.name;
  return { name, ...laterRelays(contact, card, now), theirRequestKey: card.requestKey.expose().slice(), bundles };
}

/** A contact's card as this device holds it, for its account's other devices. */
export function keptCard(tx: Transaction, contact: ContactRecord): Card {
  const bundles = knownBundles(tx.p, contact.bundles, contact.list);
  const requestKey = new Secret(contact.theirRequestKey ?? new Uint8Array(32));
  return { list: contact.list, bundles, relays: contact.relays, chosen: contact.relaysChosen, requestKey, name: contact.name };
}

/**
 * The relays that hold: the later choice; of one choice the longer list, for a card that had to fit leaves some out and a board may be found
 * later. Cards of several devices cross.
 */
function laterRelays(
  known: Partial<Pick<ContactRecord, "relays" | "relaysChosen">>,
  card: Card,
  now: number,
): Pick<ContactRecord, "relays" | "relaysChosen"> {
  const { relays = [], relaysChosen = -1 } = known;
  const chosen = believedChoice(card.chosen, now);
  const holds = relaysChosen > chosen || (relaysChosen === chosen && relays.length >= card.relays.length);
  return holds ? { relays, relaysChosen } : { relays: card.relays, relaysChosen: chosen };
}

/** When relays were chosen, in seconds, as far as it is believed: a device that names a time to come would bind its account beyond its removal. */
export function believedChoice(chosen: number, now: number): number {
  return Math.min(chosen, latestChoice(now));
}

/** The latest choice of relays that is believed at a time (ms). */
export function latestChoice(now: number): number {
  return Math.floor((now + MAX_CLOCK_SKEW_MS) / 1000);
}
