// How I ask to talk to somebody: by an invite that they gave me, or by their public address. Takes what was verified of them; makes the
// contact, tells my other devices and only then introduces this device. Loaded when somebody asks. Not a concern here: fetching and verifying, what follows from an
// answer (contact-phases.ts).

import { accountId, type DeviceList, type InviteOffer, MAX_RELAYS, NEVER, type Secret, verifyDeviceList } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { type ContactRecord, NEW_CONTACT } from "../records/contact-record.ts";
import { type Reach, reachedBy } from "./cards.ts";
import { acceptContactList } from "./device-lists.ts";
import { introduce } from "./introductions.ts";
import { watchContactLane } from "./lanes.ts";
import { isAskedOrOpen } from "./contact-phases.ts";
import { openConversation } from "./conversations.ts";
import { helloPlaintext, syncContact } from "./notices.ts";
import { fitSessions } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Where a first contact by invite goes: the maker's claim slots, read by the device that made it. */
export interface Claim {
  readonly invite: string;
  readonly offer: InviteOffer;
  readonly requestKey: Secret;
  readonly deviceId: number;
  /** Whether it was read off its maker's own screen. */
  readonly inPerson: boolean;
}

/** Takes up an invite and gives the place of the claim in the outbox. An invite passed in person verifies its maker (spec §5). */
export async function askByInvite(tx: Transaction, { invite, offer, requestKey, deviceId, inPerson }: Claim): Promise<number> {
  const { card, uses } = offer;
  const id = accountId(card.list.account) as ContactId;
  const reach = { ...reachedBy(tx, { bundles: {} }, card), theirRequestKey: null };
  const contact = await beginAsking(tx, id, card.list, {
    ...reach,
    ...(inPerson ? { verified: true } : {}),
    asked: true,
    invite,
    onlyDevice: deviceId,
  });
  if (!contact.list.entries.some((entry) => entry.id === deviceId)) throw new MessengerError("identity/not-listed", {});
  const synced = syncContact(tx, contact);
  const lane = { kind: "claim", requestKey: requestKey.expose().slice(), slot: 0, uses, deviceId } as const;
  const place = introduce(tx, contact, lane, helloPlaintext(tx, contact, { knowsAll: false }), { after: synced });
  if (place === null) throw new MessengerError("invite/invalid", { reason: "it does not say how to reach the device that made it" });
  return place;
}

/** A published account: the signed list of its devices, what sessions with them begin from, and the relay where it was found. */
export interface FoundContact extends Pick<ContactRecord, "name" | "bundles" | "oneTime"> {
  readonly list: Uint8Array;
  readonly relay: string;
}

/** Makes a contact of a published account, unless it is one. Nothing leaves this account's devices before the first message. */
export async function prepareContact(tx: Transaction, { name, list: bytes, bundles, oneTime, relay }: FoundContact): Promise<void> {
  const list = verifyDeviceList(tx.p, bytes);
  const id = accountId(list.account) as ContactId;
  const known = tx.contacts.get(id);
  if (isAskedOrOpen(known)) return;
  // Where they were found they read; their card will name all their relays.
  const reach = { relays: [...new Set([relay, ...(known?.relays ?? [])])].slice(0, MAX_RELAYS), relaysChosen: known?.relaysChosen ?? 0 };
  const change = { name, ...reach, bundles, oneTime, theirRequestKey: null, asked: false, onlyDevice: null };
  const contact = await beginAsking(tx, id, list, change);
  syncContact(tx, contact);
}

async function beginAsking(
  tx: Transaction,
  id: ContactId,
  list: DeviceList,
  change: Reach & Partial<ContactRecord>,
): Promise<ContactRecord> {
  const before = tx.contacts.get(id);
  const known = before === undefined ? undefined : await acceptContactList(tx, before, list, { fromRelay: true });
  const contact: ContactRecord = {
    ...NEW_CONTACT,
    ourRequestKey: tx.p.randomBytes(32),
    met: tx.now,
    ...known,
    id,
    account: list.account,
    list: known?.list ?? list,
    phase: "asking",
    changed: tx.stamp(known?.changed ?? NEVER),
    ...change,
  };
  tx.contacts.put(contact);
  await fitSessions(tx, id, contact.list);
  watchContactLane(tx, contact);
  openConversation(tx, id);
  return contact;
}
