// A new device of this account, from both ends. The old device signs it into the list when it comes back with its own signature, and tells
// everybody; the new one, once it is listed, introduces itself wherever it is not known yet. Each step is durable, so that either side may
// stop at any moment and the link completes when it is back. Not a concern here: the pairing and what is handed over (hand-over.ts).

import {
  type CellAddress,
  deviceInList,
  encodeCardWithin,
  encodeContents,
  equalBytes,
  HELLO_ENVELOPE,
  type Joining,
  maxHelloLength,
  NEVER,
  openJoin,
  type PublicKey,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { PendingLink } from "../records/self-record.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import { backupLockContents } from "./backup-lock.ts";
import { ownCard } from "./cards.ts";
import { introduce } from "./introductions.ts";
import { isStale, knock } from "./knocking.ts";
import { audience } from "./knowledge.ts";
import {
  contactDigest,
  copyOf,
  helloPlaintext,
  isListed,
  markTold,
  newContent,
  ownSessions,
  reachable,
  sendDeviceList,
  shareAccountState,
  shareBundles,
  syncContact,
  tell,
} from "./notices.ts";
import { signNextList } from "./own-list.ts";
import { relaysBodyFromHere } from "./own-relays.ts";
import { conversationContent, tellRead } from "./reading.ts";
import type { Transaction } from "./transaction.ts";
import { ifVerified } from "./verified.ts";

/** A cell on this account's own lane that may be a join. Gives whether it was one, from the device that is expected. */
export async function receiveJoin(tx: Transaction, address: CellAddress, body: Uint8Array): Promise<boolean> {
  const { pendingLink, phrase } = tx.self;
  if (pendingLink === null || phrase === null) return false;
  const joining = openedJoin(tx, address, body);
  if (joining === undefined || joining.entry.id !== pendingLink.deviceId || !equalBytes(joining.entry.key, pendingLink.key)) return false;
  await signIn(tx, joining, phrase, pendingLink);
  return true;
}

/** This device has just been signed into its account's list: it introduces itself to all who cannot know it yet. `ownKey`: see below. */
export function introduceEverywhere(tx: Transaction, ownKey: Uint8Array = tx.self.requestKey): void {
  introduceToOwnDevices(tx, ownKey);
  for (const id of audience(tx)) introduceToContact(tx, tx.contacts.get(id) as ContactRecord);
  shareBundles(tx);
}

async function signIn(tx: Transaction, { entry, bundle }: Joining, entropy: Uint8Array, link: PendingLink): Promise<void> {
  const deviceNames = { ...tx.self.deviceNames, [link.deviceId]: { name: link.name, ...tx.stamp(NEVER) } };
  const deviceBundles = { ...tx.self.deviceBundles, [link.deviceId]: bundle };
  tx.changeSelf({ pendingLink: null, deviceNames, deviceBundles });
  await signNextList(tx, entropy, [...tx.self.list.entries, entry]);
  // The new device learns from this hello that it is listed, and a request key that was renewed meanwhile.
  introduceToOwnDevices(tx, link.requestKey);
  shareBundles(tx);
  announceList(tx);
  shareAccountState(tx);
  const session = tx.sessions.get(sessionName(entry.key));
  if (session !== undefined) await sendWhatWasMissed(tx, session, link);
}

/** A newer list of this account to this account's other devices and to everybody. */
export function announceList(tx: Transaction): void {
  sendDeviceList(tx, ownSessions(tx));
  for (const id of audience(tx)) sendDeviceList(tx, reachable(tx, tx.contacts.get(id) as ContactRecord));
}

/** An own device that this one did not hand the account to (it was restored from the words): it is told everything but history. */
export function welcome(tx: Transaction, session: SessionRecord): void {
  shareAccountState(tx);
  shareBundles(tx, [session]);
  for (const contact of tx.contacts.values()) syncContact(tx, contact, { to: [session] });
  // After the contacts that they are with: drafts, and how conversations are listed.
  for (const record of tx.conversations.values()) {
    const content = conversationContent(tx, record);
    if (content !== undefined) tell(tx, [session], [content]);
  }
}

/** What happened between the hand-over and now: nobody could send it to the new device yet. */
async function sendWhatWasMissed(tx: Transaction, session: SessionRecord, link: PendingLink): Promise<void> {
  // Compared, and not by the time of a change: others have clocks of their own, and what they say comes later than they said it.
  for (const contact of tx.contacts.values()) {
    const handed = link.handed[contact.id];
    if (handed === undefined || !equalBytes(handed, contactDigest(tx, contact))) syncContact(tx, contact, { to: [session] });
  }
  const relays = relaysBodyFromHere(tx);
  const conversations = [...tx.conversations.values()].flatMap((record) => conversationContent(tx, record) ?? []);
  const others = [
    ...(relays === undefined ? [] : [newContent(tx, "relays", relays)]),
    ...backupLockContents(tx, link.key),
    ...conversations,
  ];
  for (const content of others) tell(tx, [session], [content]);
  const read = link.unread.filter((place) => tx.unread.get(String(place)) === undefined);
  for await (const { place, conversation, id } of read.length > 0 ? tx.messages.from(Math.min(...read)) : []) {
    if (place >= link.nextMessage) break;
    if (read.includes(place)) tellRead(tx, [session], conversation, [id]);
  }
  for await (const record of tx.messages.from(link.nextMessage)) {
    const copy = copyOf(tx, record);
    if (copy !== undefined) tell(tx, [session], [copy]);
  }
}

/**
 * This device to each device of a contact that there is no session with, on the contact's lane; those whose prekeys are known; a knock where they
 * are old, or where they are not known and no device of the contact could tell the others of this one.
 */
export function introduceToContact(tx: Transaction, contact: ContactRecord): void {
  const requestKey = contact.theirRequestKey;
  if (requestKey === null || !isListed(tx)) return;
  const unmet = contact.list.entries.filter(({ key }) => !isMet(tx, key));
  if (unmet.length === 0) return;
  const isStranger = unmet.length === contact.list.entries.length;
  const plaintext = helloPlaintext(tx, contact, { knowsAll: true });
  for (const { id: deviceId, key } of unmet) {
    if (isStale(tx, contact, deviceId) || (isStranger && contact.bundles[String(deviceId)] === undefined)) {
      knock(tx, contact, sessionName(key));
      continue;
    }
    const place = introduce(tx, contact, { kind: "introduction", requestKey, index: 0, deviceId }, plaintext);
    if (place !== null) markTold(tx, sessionName(key));
  }
}

/** This device to each other one of its account that there is no session with, on the lane of a request key that they watch. */
export function introduceToOwnDevices(tx: Transaction, requestKey: Uint8Array = tx.self.requestKey): void {
  const { id, list, deviceBundles: bundles } = tx.self;
  if (!isListed(tx)) return;
  const own = { id: id as string as ContactId, list, bundles };
  for (const { id: deviceId, key } of list.entries) {
    if (deviceId === tx.device.id || isMet(tx, key)) continue;
    introduce(tx, own, { kind: "introduction", requestKey, index: 0, deviceId }, ownHello(tx));
  }
}

/** A device that is asked for a new session begins it itself, with fresh prekeys: those kept here may be gone there. */
const isMet = (tx: Transaction, key: PublicKey): boolean => {
  const device = sessionName(key);
  return tx.sessions.get(device)?.session.canSend(tx.now) === true || tx.repairs.get(device)?.renewing === true;
};

/** A hello to devices of this account: they know all of it, but a first contact has one. */
export function ownHello(tx: Transaction): Uint8Array {
  const { list, requestKey } = tx.self;
  const room = maxHelloLength(list) - HELLO_ENVELOPE;
  const card = encodeCardWithin(ownCard(tx, requestKey), room, tx.device.id, { listApart: true });
  return encodeContents([newContent(tx, "hello", { card, lists: { mine: { version: list.version, hash: list.hash } } })]);
}

function openedJoin(tx: Transaction, address: CellAddress, body: Uint8Array): Joining | undefined {
  const joining = ifVerified(() => openJoin(tx.p, { address, body, device: tx.device, account: tx.self.account as PublicKey }));
  return joining !== undefined && deviceInList(tx.self.list, joining.entry.key) === undefined ? joining : undefined;
}
