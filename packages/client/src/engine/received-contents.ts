// What contents do when they arrive: each type's effect on records. Takes decoded contents and the session they came on, whose device is in
// the newest list held of its account; changes the transaction. Every content can come again (the board is read again after a crash, copies
// overlap) and then changes nothing. Not a concern here: cells, first contacts (meeting.ts).

import {
  type AccountStateBody,
  type Card,
  type CardBody,
  type Content,
  type CopyBody,
  decodeBundle,
  decodeContents,
  deviceInList,
  isLater,
  type Named,
  ProtocolError,
  type PublicKey,
  accountId,
  verifyCard,
  verifyDeviceList,
  verifyKeptCard,
} from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { conversationWith } from "../records/conversation-record.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { takeBackupLock } from "./backup-lock.ts";
import { reachedBy } from "./cards.ts";
import { acceptContactList, acceptOwnList } from "./device-lists.ts";
import { receiveRestarted } from "./clones.ts";
import { receivePing, spokenOn } from "./healing.ts";
import { hold } from "./held.ts";
import { addMessage, addUnreadable, markDelivered } from "./messages.ts";
import type { MessageName } from "./message-log.ts";
import { introduceEverywhere, introduceToContact, introduceToOwnDevices } from "./joining.ts";
import { keepInformed } from "./knowledge.ts";
import { passOn, syncContact } from "./notices.ts";
import { contactOpened } from "./contact-phases.ts";
import { openConversation } from "./conversations.ts";
import { takeConversation, takeRead } from "./reading.ts";
import { oweReceipt } from "./receipts.ts";
import { acceptRelays } from "./relay-moves.ts";
import { acceptSyncedContact } from "./synced-contacts.ts";
import type { Transaction } from "./transaction.ts";

/** What a device said. */
export interface Said {
  readonly session: SessionRecord;
  readonly contents: readonly Content[];
  readonly plaintext: Uint8Array;
  /** It was said before other things that came before it: what the session knows of its sender by now, the sender need not have known. */
  readonly late: boolean;
}

/** What came on a session: what was said, or why it cannot be read. */
export type Heard = Said | { readonly session: SessionRecord; readonly unreadable: string };

/** Reads the plaintext of a session; nothing follows from it yet. */
export function hear(session: SessionRecord, plaintext: Uint8Array, late: boolean): Heard {
  try {
    return { session, contents: decodeContents(plaintext), plaintext, late };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { session, unreadable: error.message };
  }
}

/** Takes in what was heard: applies each content, and answers with a card when the other side should hear one. */
export async function takeIn(tx: Transaction, heard: Heard): Promise<void> {
  const { session } = heard;
  if ("unreadable" in heard) {
    if (!isOwn(tx, session)) await addUnreadable(tx, conversationWith(session.account), session.account, heard.unreadable);
  } else if (isOwn(tx, session)) await receiveFromOwnDevice(tx, heard);
  else await receiveFromContact(tx, heard);
}

/** Reads the plaintext of a session and takes it in; `late`: it was held back. */
export async function receivePlaintext(tx: Transaction, session: SessionRecord, plaintext: Uint8Array, late = false): Promise<void> {
  await takeIn(tx, hear(session, plaintext, late));
}

/** The messages that taking this in will look for. */
export function namesIn(tx: Transaction, heard: Heard): readonly MessageName[] {
  if ("unreadable" in heard) return [];
  const { session, contents } = heard;
  if (!isOwn(tx, session)) return namesOf(tx, session.account, session.account, contents);
  return contents.flatMap((content) => {
    if (content.type !== "copy") return [];
    const idOf = (key: Uint8Array): ContactId => accountId(key as PublicKey) as ContactId;
    const { conversation, author, contents: copied } = content.body;
    return namesOf(tx, idOf(conversation), idOf(author), copied);
  });
}

function namesOf(tx: Transaction, other: ContactId, author: ContactId, contents: readonly Content[]): readonly MessageName[] {
  const conversation = conversationWith(other);
  const self = tx.self.id as string as ContactId;
  return contents.flatMap((content): readonly MessageName[] => {
    if (isMessage(content)) return [{ conversation, author, id: content.id }];
    if (content.type !== "receipt") return [];
    return [...content.body.delivered, ...content.body.read].map((id) => ({ conversation, author: self, id }));
  });
}

async function receiveFromContact(tx: Transaction, said: Said): Promise<void> {
  const { session, contents } = said;
  const contact = tx.contacts.get(session.account);
  if (contact === undefined || contact.phase === "declined" || contact.phase === "blocked") return;
  // A stranger's account facts are kept up to date, so that accepting works; what they wrote is not looked at before.
  const waiting = contact.phase === "request";
  for (const content of contents) {
    await applyNotice(tx, session, content);
    if (!waiting && (await applyMessage(tx, session.account, session.account, content))) oweReceipt(tx, session.account, content.id);
  }
  if (waiting && contents.some(isMessage)) hold(tx, said);
  if (waiting) return;
  if (contents.some(isMessage)) spokenOn(tx, session, "read");
  afterContents(tx, said);
}

/** Facts about the other account, and how far what I wrote got. */
async function applyNotice(tx: Transaction, session: SessionRecord, content: Content): Promise<void> {
  const contact = tx.contacts.get(session.account) as ContactRecord;
  switch (content.type) {
    case "hello":
    case "card":
      return await receiveCard(tx, session, contact, content.body);
    case "device-list":
      await verified(tx, async () => {
        const list = verifyDeviceList(tx.p, content.body.list);
        if (accountId(list.account) === contact.id) await acceptContactList(tx, contact, list);
      });
      return;
    case "profile": {
      const named = { at: content.sent, by: session.deviceId };
      if (isLater(named, contact.named)) tx.changeContact(contact.id, { name: content.body.name, named });
      return;
    }
    // A stranger has nothing to say about sessions: it would be heard before they were accepted.
    case "restarted":
      return contact.phase === "request" ? undefined : receiveRestarted(tx, session, content.body);
    case "ping":
      return contact.phase === "request" ? undefined : receivePing(tx, session, content.body.turn);
    case "receipt":
      for (const id of [...content.body.delivered, ...content.body.read])
        await markDelivered(tx, session, conversationWith(contact.id), id);
      return;
    case "request-key":
      tx.changeContact(contact.id, { theirRequestKey: content.body.key.expose().slice() });
      return;
    default:
      return;
  }
}

/** What people wrote. Gives whether a message was new. */
async function applyMessage(
  tx: Transaction,
  other: ContactId,
  author: ContactId,
  content: Content,
  options: { read?: boolean } = {},
): Promise<boolean> {
  const conversation = conversationWith(other);
  const { id, sent, order = 0 } = content;
  switch (content.type) {
    case "text":
      return await addMessage(tx, conversation, author, { id, sent, order, body: { type: "text", text: content.body.text } }, options);
    case "unknown":
      return await addMessage(
        tx,
        conversation,
        author,
        { id, sent, order, body: { type: "unreadable", reason: "it needs a newer version of this app" } },
        options,
      );
    default:
      return false;
  }
}

async function receiveCard(tx: Transaction, session: SessionRecord, contact: ContactRecord, body: CardBody): Promise<void> {
  await verified(tx, async () => {
    const card = verifyCard(tx.p, body.card, tx.now);
    if (accountId(card.list.account) !== contact.id)
      throw new ProtocolError("identity/not-listed", "a card is of another account than its sender");
    await takeCard(tx, session, contact, card, body);
  });
}

/** A verified card of a contact: where they are, which lists they know; an answer to my first contact if I was asking. */
async function takeCard(tx: Transaction, session: SessionRecord, contact: ContactRecord, card: Card, body: CardBody): Promise<void> {
  const current = await acceptContactList(tx, contact, card.list);
  if (deviceInList(current.list, session.session.theirs) === undefined) return;
  const changed = tx.changeContact(contact.id, reachedBy(tx, current, card));
  const { yours } = body.lists;
  if (yours !== undefined) {
    const held = tx.sessions.get(session.device) as SessionRecord;
    tx.sessions.put({ ...held, knows: Math.max(held.knows, Math.min(yours.version, tx.self.list.version)) });
  }
  if (changed.phase === "asking") await contactOpened(tx, changed.id);
  if (changed.phase !== "open") return;
  introduceToContact(tx, changed);
  // A device of mine that was told of them before, or linked meanwhile, cannot introduce itself without.
  if (card.bundles.some(({ deviceId }) => current.bundles[String(deviceId)] === undefined)) syncContact(tx, changed);
}

/** Keeps both sides' knowledge of each other's devices equal, and my own devices informed of what they were not sent. */
function afterContents(tx: Transaction, { session: before, contents, late }: Said): void {
  const session = tx.sessions.get(before.device);
  const contact = tx.contacts.get(before.account);
  if (session === undefined || contact?.phase !== "open") return;
  if (late || session.knows < tx.self.list.version) {
    passOn(tx, contact, contents.filter(isMessage));
    if (contents.some(({ type }) => type === "profile")) syncContact(tx, contact);
  }
  keepInformed(tx, session.device);
}

async function receiveFromOwnDevice(tx: Transaction, said: Said): Promise<void> {
  for (const content of said.contents) {
    switch (content.type) {
      case "copy":
        spokenOn(tx, said.session, "read");
        await receiveCopy(tx, said, content.body);
        break;
      case "read": {
        const { ids } = content.body;
        await inConversation(tx, said, content.body, async (id) => await takeRead(tx, id, ids));
        break;
      }
      case "conversation": {
        const change = content.body;
        await inConversation(tx, said, change, (id) => takeConversation(tx, id, change));
        break;
      }
      case "card":
        await verified(tx, async () => takeOwnBundles(tx, content.body));
        break;
      case "contact":
        await verified(tx, async () => await acceptSyncedContact(tx, content.body));
        break;
      case "device-list":
        await verified(tx, async () => {
          const list = verifyDeviceList(tx.p, content.body.list);
          if (accountId(list.account) !== tx.self.id) return;
          const accepted = await acceptOwnList(tx, list, content.body.requestKey?.expose().slice());
          if (accepted === "listed") introduceEverywhere(tx);
        });
        break;
      case "profile":
        takeName(tx, { name: content.body.name, at: content.sent, by: said.session.deviceId });
        break;
      case "relays":
        acceptRelays(tx, content.body);
        break;
      case "restarted":
        receiveRestarted(tx, said.session, content.body);
        break;
      case "ping":
        receivePing(tx, said.session, content.body.turn);
        break;
      case "account-state":
        receiveAccountState(tx, content.body);
        break;
      case "backup-lock":
        await verified(tx, async () => takeBackupLock(tx, content.body));
        break;
      default:
        break;
    }
  }
}

/** Bundles of this account's devices: to begin with those that this one has not met, and to pass on in cards. */
function takeOwnBundles(tx: Transaction, { card }: CardBody): void {
  const { list, bundles } = verifyKeptCard(tx.p, card);
  if (accountId(list.account) !== tx.self.id) throw new ProtocolError("identity/not-listed", "a card is not of this account");
  const deviceBundles = { ...tx.self.deviceBundles };
  for (const { deviceId, issued, bytes } of bundles) {
    const held = deviceBundles[String(deviceId)];
    if (deviceId !== tx.device.id && (held === undefined || decodeBundle(held).issued < issued)) deviceBundles[String(deviceId)] = bytes;
  }
  tx.changeSelf({ deviceBundles });
  introduceToOwnDevices(tx);
}

function receiveAccountState(tx: Transaction, { names, profile, published, handle }: AccountStateBody): void {
  const deviceNames = { ...tx.self.deviceNames };
  for (const { device, ...named } of names) {
    const known = deviceNames[String(device)];
    if (known === undefined || isLater(named, known)) deviceNames[String(device)] = named;
  }
  takeName(tx, profile);
  // Each device puts its own bundle into the directory.
  const publishedAt = tx.self.published ? tx.self.publishedAt : {};
  tx.changeSelf({ deviceNames, published, handle: handle ?? tx.self.handle, publishedAt });
}

/** Takes the account's name if it was given later than the one known. */
export function takeName(tx: Transaction, { name, at, by }: Named): void {
  if (isLater({ at, by }, tx.self.named)) tx.changeSelf({ name, named: { at, by } });
}

async function receiveCopy(tx: Transaction, said: Said, copy: CopyBody): Promise<void> {
  const author = accountId(copy.author as PublicKey) as ContactId;
  await inConversation(tx, said, copy, async (conversation) => {
    const other = conversation as string as ContactId;
    if (author !== other && author !== (tx.self.id as string)) return;
    for (const content of copy.contents) await applyMessage(tx, other, author, content, copy);
  });
}

/** What own devices tell of a conversation that is open here. The cells of several devices may cross: a contact may be on its way. */
async function inConversation(
  tx: Transaction,
  said: Said,
  { conversation }: Pick<CopyBody, "conversation">,
  take: (conversation: ConversationId) => void | Promise<void>,
): Promise<void> {
  const other = accountId(conversation as PublicKey) as ContactId;
  const phase = other === (tx.self.id as string) ? "open" : tx.contacts.get(other)?.phase;
  if (phase === undefined || phase === "request") return hold(tx, { ...said, account: other });
  if (phase !== "open" && phase !== "asking") return;
  openConversation(tx, other);
  await take(conversationWith(other));
}

/** Whether a content is something that people see. */
function isMessage(content: Content): boolean {
  return content.type === "text" || content.type === "unknown";
}

function isOwn(tx: Transaction, session: SessionRecord): boolean {
  return session.account === (tx.self.id as string);
}

/** Runs what verifies something of the other side's; what does not verify changes nothing and is reported. */
async function verified(tx: Transaction, take: () => Promise<void>): Promise<void> {
  try {
    await take();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const reported = asMessengerError(error);
    const isIdentity = reported.code.startsWith("identity/");
    tx.happened({
      type: "error",
      error: isIdentity ? reported : new MessengerError("identity/invalid", { what: error.message }, { cause: error }),
    });
  }
}
