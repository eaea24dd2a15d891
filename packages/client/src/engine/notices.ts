// What this device tells others without a person writing: cards and device lists to people, contacts and copies to the account's other
// devices. Takes the contact as it stands in the transaction; enqueues cells. Not a concern here: when these are due (received-contents.ts,
// meeting.ts), first contacts.

import {
  type Card,
  concat,
  CONTENT_ID_LENGTH,
  type Content,
  type ContentBodies,
  type ContentType,
  type Device,
  deviceInList,
  encodeCardWithin,
  encodeContents,
  HELLO_ENVELOPE,
  MAX_SIGNAL_PLAINTEXT,
  maxHelloLength,
  newContentId,
  type ListStates,
  Secret,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { SelfRecord } from "../records/self-record.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { keptCard, ownCard, piecesOf } from "./cards.ts";
import { enqueueOnSession } from "./outbound.ts";
import { shuffled } from "./randomness.ts";
import { sessionsWith } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Bytes of a piece of a card: with the longest name of mine, the highest numbers, a request key and the envelopes it fits a cell. */
const MAX_CARD_PIECE = 3_390;

/** A fresh content, sent now. */
export function newContent<T extends ContentType>(tx: Transaction, type: T, body: ContentBodies[T]): Content {
  return { type, id: newContentId(tx.p), sent: tx.now, body } as Content;
}

/** Whether this device is in its account's list: only then others listen to it. */
export function isListed({ self, device }: { readonly self: SelfRecord; readonly device: Device }): boolean {
  return deviceInList(self.list, device.keys.publicKey) !== undefined;
}

/** Refuses what nobody would listen to. `device/removed`, `device/not-listed`. */
export function requireListed(account: { readonly self: SelfRecord; readonly device: Device }): void {
  if (account.self.removed) throw new MessengerError("device/removed", {});
  if (!isListed(account)) throw new MessengerError("device/not-listed", {});
}

/** The sessions on which a person can be reached now. */
export function reachable(tx: Transaction, contact: ContactRecord): SessionRecord[] {
  const { onlyDevice } = contact;
  return sessionsWith(tx, contact.id).filter(({ deviceId }) => onlyDevice === null || deviceId === onlyDevice);
}

/** Sessions with this account's other devices. */
export function ownSessions(tx: Transaction): SessionRecord[] {
  return sessionsWith(tx, tx.self.id as string as ContactId);
}

/** The same contents to several devices, in random order; gives the last place taken in the outbox. */
export function tell(
  tx: Transaction,
  sessions: readonly SessionRecord[],
  contents: readonly Content[],
  after: number | null = null,
): number | null {
  let last: number | null = null;
  // A device that is not listed yet has begun no session: what it has to say waits until others know it.
  if (tx.self.removed) return last;
  const plaintext = encodeContents(contents);
  for (const session of shuffled(tx, sessions)) last = enqueueOnSession(tx, session, plaintext, { after }) ?? last;
  return last;
}

/**
 * This account's card to a contact's devices: where my devices are, and which of theirs I know. `brief`: one cell to each, where the contact has
 * caused it and the bundles of my other devices say nothing new, so that a contact cannot cause a cell for each pair of devices.
 */
export function sendCard(
  tx: Transaction,
  contact: ContactRecord,
  options: { only?: SessionRecord; after?: number | null; brief?: boolean } = {},
): void {
  const to = options.only === undefined ? reachable(tx, contact) : [options.only];
  const pieces = piecesOf(ownCard(tx, contact.ourRequestKey));
  for (const piece of options.brief === true ? pieces.slice(0, 1) : pieces) {
    tell(tx, to, [newContent(tx, "card", { card: pieceBytes(piece), lists: listStates(tx, contact) })], options.after ?? null);
  }
  for (const { device } of to) markTold(tx, device);
  if (options.only === undefined) tx.changeContact(contact.id, { acknowledged: contact.list.version });
}

/**
 * The plaintext of a first contact's hello. `yours` is left out where the other side must not count on my knowing all its devices: what waits to
 * be said behind the hello may have been written when I knew fewer.
 */
export function helloPlaintext(tx: Transaction, contact: ContactRecord, options: { knowsAll: boolean }): Uint8Array {
  const room = maxHelloLength(tx.self.list) - HELLO_ENVELOPE;
  const card = encodeCardWithin(ownCard(tx, contact.ourRequestKey), room, tx.device.id, { listApart: true });
  const { mine, yours } = listStates(tx, contact);
  const lists = options.knowsAll && !isAnyWaiting(tx, contact.id) ? { mine, yours } : { mine };
  return encodeContents([newContent(tx, "hello", { card, lists })]);
}

/** The newest list of this account to a person, or to this account's other devices. */
export function sendDeviceList(tx: Transaction, to: readonly SessionRecord[]): void {
  const { id, list, requestKey } = tx.self;
  const own = (session: SessionRecord): boolean => session.account === (id as string);
  const body = { list: list.bytes };
  tell(tx, to.filter(own), [newContent(tx, "device-list", { ...body, requestKey: new Secret(requestKey) })]);
  tell(
    tx,
    to.filter((session) => !own(session)),
    [newContent(tx, "device-list", body)],
  );
  for (const { device } of to) markTold(tx, device);
}

/**
 * A contact as it stands, to this account's other devices; gives the last place taken in the outbox. `bundles`: with those of these devices only,
 * where the others say nothing new.
 */
export function syncContact(
  tx: Transaction,
  contact: ContactRecord,
  { to = ownSessions(tx), bundles }: { to?: readonly SessionRecord[]; bundles?: readonly number[] } = {},
): number | null {
  if (to.length === 0) return null;
  let last: number | null = null;
  for (const content of contactContents(tx, contact, bundles)) last = tell(tx, to, [content]) ?? last;
  return last;
}

/** The bundles of this account's devices, as far as this one knows them, to its other devices. */
export function shareBundles(tx: Transaction, to: readonly SessionRecord[] = ownSessions(tx)): void {
  if (to.length > 0) for (const content of bundleContents(tx)) tell(tx, to, [content]);
}

/** The same as contents. */
export function bundleContents(tx: Transaction): readonly Content[] {
  const { list, requestKey } = tx.self;
  const lists = { mine: { version: list.version, hash: list.hash } };
  return piecesOf(ownCard(tx, requestKey)).map((piece) => newContent(tx, "card", { card: pieceBytes(piece), lists }));
}

/** What this account's devices share about it, to the others. */
export function shareAccountState(tx: Transaction): void {
  tell(tx, ownSessions(tx), [accountState(tx)]);
}

/** The same as a content. */
export function accountState(tx: Transaction): Content {
  const { name, named, deviceNames, published, handle } = tx.self;
  const names = Object.entries(deviceNames).map(([device, given]) => ({ device: Number(device), ...given }));
  const body = { names, profile: { name, ...named }, published };
  return newContent(tx, "account-state", handle === null ? body : { ...body, handle });
}

/** A stored message as the content that it was, or is to be; `undefined` for what could not be read here. */
export function contentOf({ id, sent, order, body }: MessageRecord): Content | undefined {
  if (body.type !== "text") return undefined;
  return { type: "text", id, sent, ...(order === 0 ? {} : { order }), body: { text: body.text } };
}

/** A stored message for another device of mine; `undefined` for what could not be read here either. */
export function copyOf(tx: Transaction, record: MessageRecord): Content | undefined {
  const content = contentOf(record);
  if (content === undefined) return undefined;
  const { conversation, author, progress } = record;
  const read = tx.unread.get(String(record.place)) === undefined;
  const copy = { conversation: accountOf(tx, conversation), author: accountOf(tx, author), contents: [content], read };
  return newContent(tx, "copy", progress.state === "delivered" ? { ...copy, delivered: progress.at } : copy);
}

/** A piece of a card as bytes: of an account with a dozen devices and more the list leaves no room for a bundle. */
function pieceBytes(piece: Card): Uint8Array {
  return encodeCardWithin(piece, MAX_CARD_PIECE, piece.bundles[0]?.deviceId ?? 0);
}

/** A contact as it stands, as contents for another device of mine: one for each bundle that is known, or of `only` these devices. */
export function contactContents(tx: Transaction, contact: ContactRecord, only?: readonly number[]): readonly Content[] {
  const { phase, verified, assessed, alarmed, alias, changed, keyed, named } = contact;
  const card = keptCard(tx, contact);
  const bundles = card.bundles.filter(({ deviceId }) => only === undefined || only.includes(deviceId));
  return piecesOf({ ...card, bundles }).map((piece) => {
    const trust = { verified, assessed, alarmed };
    const body = { card: pieceBytes(piece), requestKey: new Secret(contact.ourRequestKey), phase, ...trust, changed, keyed, named };
    return newContent(tx, "contact", alias === null ? body : { ...body, name: alias });
  });
}

/** The same in 8 bytes, to see later whether a contact has changed. */
export function contactDigest(tx: Transaction, contact: ContactRecord): Uint8Array {
  const same = { id: new Uint8Array(CONTENT_ID_LENGTH), sent: 0 };
  const pieces = contactContents(tx, contact).map((content) => encodeContents([{ ...content, ...same }]));
  return tx.p.sha256(concat(...pieces)).slice(0, 8);
}

/** A contact's contents that reached this device only, for the others. What is of a newer version and too large for a copy stays here. */
export function passOn(tx: Transaction, { account }: ContactRecord, contents: readonly Content[]): void {
  const to = ownSessions(tx);
  for (const content of contents) {
    const copy = newContent(tx, "copy", { conversation: account, author: account, contents: [content], read: false });
    const fits = encodeContents([copy]).length <= MAX_SIGNAL_PLAINTEXT;
    if (fits) tell(tx, to, [copy]);
  }
}

/** The device was told the newest list of this account. */
export function markTold(tx: Transaction, device: string): void {
  const session = tx.sessions.get(device);
  if (session !== undefined) tx.sessions.put({ ...session, told: tx.self.list.version });
}

/** The account key behind an id of mine or of a contact. */
export function accountOf(tx: Transaction, id: string): Uint8Array {
  return id === (tx.self.id as string) ? tx.self.account : (tx.contacts.get(id) as ContactRecord).account;
}

function isAnyWaiting(tx: Transaction, account: ContactId): boolean {
  const devices = new Set(sessionsWith(tx, account).map(({ device }) => device));
  return [...tx.waiting.values()].some(({ device }) => devices.has(device));
}

function listStates(tx: Transaction, contact: ContactRecord): Required<ListStates> {
  const { list } = tx.self;
  const yours = { version: contact.list.version, hash: contact.list.hash };
  return { mine: { version: list.version, hash: list.hash }, yours };
}
