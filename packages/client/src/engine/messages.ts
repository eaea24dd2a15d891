// Messages of people: mine into the log and on their way, theirs into the log. Takes contents; keeps what conversations show of them. Not a concern
// here: how contents arrive (received-contents.ts), showing them.

import { utf8Length } from "@sotto/encoding";
import { type Content, encodeContents, MAX_TEXT_LENGTH, newContentId } from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { conversationWith, type ConversationRecord } from "../records/conversation-record.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { MessageName } from "./message-log.ts";
import { askAtAddress } from "./address-hellos.ts";
import { positionOf, nextOrder } from "./message-order.ts";
import { contentOf, newContent, ownSessions, reachable, requireListed } from "./notices.ts";
import { enqueueOnSession, mayWrite } from "./outbound.ts";
import { shuffled } from "./randomness.ts";
import { openConversation } from "./conversations.ts";
import { draftSent, messageCame } from "./reading.ts";
import { takeReceipts } from "./receipts.ts";
import { forgetKept } from "./kept-cells.ts";
import { spokenOn } from "./healing.ts";
import { acknowledged, sentTo } from "./resending.ts";
import { requireNoAlarm } from "./trust.ts";
import type { Transaction } from "./transaction.ts";

/** Writes a text: into the log, and into the outbox for each device of the other side and each other one of mine. */
export function sendText(tx: Transaction, conversation: ConversationId, text: string): MessageRecord {
  requireText(text);
  const { id, sent } = newContent(tx, "text", { text });
  const recipients = recipientsOf(tx, conversation);
  const counted = countedOf(tx, recipients);
  const { last } = openConversation(tx, conversation as string as ContactId);
  const record = tx.messages.add({
    conversation,
    id,
    author: tx.self.id as string as ContactId,
    sent,
    order: nextOrder(last?.position),
    body: { type: "text", text },
    progress: startOf(tx, counted.length),
  });
  messageAdded(tx, record);
  draftSent(tx, conversation, text);
  sendContent(tx, record, recipients, counted);
  return record;
}

/** Sends a failed message once more, as the same content: a device that has it already drops it. Gives the message as it is then. */
export async function sendAgain(tx: Transaction, conversation: ConversationId, place: number): Promise<MessageRecord | null> {
  const record = await tx.messages.get(conversation, place);
  if (record === undefined) return null;
  if (record.progress.state !== "failed" || record.body.type !== "text") return record;
  const recipients = recipientsOf(tx, record.conversation);
  const counted = countedOf(tx, recipients);
  const again: MessageRecord = { ...record, progress: startOf(tx, counted.length) };
  tx.messages.update(again);
  sendContent(tx, again, recipients, counted);
  return again;
}

/** A message as it is told: what it says, where it belongs, and when (ms) the other side had it, where that is known. */
export type Told = MessageName & Pick<MessageRecord, "sent" | "order" | "body"> & { readonly delivered?: number };

/** Writes down a message that is not new to the world, unless it is known here; `read`: on another device of mine. Gives whether it was new. */
export async function addMessage(tx: Transaction, message: Told, { read = false }: { read?: boolean } = {}): Promise<boolean> {
  const record = await writeDown(tx, message);
  if (record === undefined) return false;
  messageAdded(tx, record);
  if (record.progress.state === "received" && !read) messageCame(tx, record);
  return true;
}

/** Writes down a message out of a backup, unless it is known here: it counts as read. Gives whether it was new. */
export async function addHistory(tx: Transaction, message: Told): Promise<boolean> {
  const record = await writeDown(tx, { ...message, history: true });
  if (record === undefined) return false;
  const { last, active } = tx.conversations.get(message.conversation) as ConversationRecord;
  const said = Math.min(message.sent, tx.now);
  messageAdded(tx, record, last === null ? said : Math.max(active, said));
  return true;
}

/** What people wrote, in the conversation with `other`. Gives whether a message was new. */
export async function takeMessage(
  tx: Transaction,
  other: ContactId,
  author: ContactId,
  content: Content,
  { delivered, ...options }: { read?: boolean } & Pick<Told, "delivered"> = {},
): Promise<boolean> {
  const { id, sent, order = 0 } = content;
  const told = { conversation: conversationWith(other), author, id, sent, order, ...(delivered === undefined ? {} : { delivered }) };
  switch (content.type) {
    case "text":
      return await addMessage(tx, { ...told, body: { type: "text", text: content.body.text } }, options);
    case "unknown":
      return await addMessage(tx, { ...told, body: { type: "unreadable", reason: "it needs a newer version of this app" } }, options);
    default:
      return false;
  }
}

/** Whether a content is something that people see. */
export function isMessage(content: Content): boolean {
  return content.type === "text" || content.type === "unknown";
}

/** Shows that something of an author arrived that cannot be read. */
export async function addUnreadable(tx: Transaction, conversation: ConversationId, author: ContactId, reason: string): Promise<void> {
  const order = nextOrder(tx.conversations.get(conversation)?.last?.position);
  await addMessage(tx, { conversation, author, id: newContentId(tx.p), sent: tx.now, order, body: { type: "unreadable", reason } });
}

/** A device of the other side has my message. */
export async function markDelivered(tx: Transaction, session: SessionRecord, conversation: ConversationId, id: Uint8Array): Promise<void> {
  const record = await tx.messages.find({ conversation, author: tx.self.id as string as ContactId, id });
  if (record === undefined) return;
  acknowledged(tx, session, record.place);
  forgetKept(tx, session.device, record.place);
  if (record.progress.state === "delivered") return;
  tx.messages.update({ ...record, progress: { state: "delivered", at: tx.now } });
}

function requireText(text: string): void {
  if (text.length === 0) throw new MessengerError("message/empty", {});
  const size = utf8Length(text);
  if (size > MAX_TEXT_LENGTH) throw new MessengerError("message/too-large", { limit: MAX_TEXT_LENGTH, size });
}

/** Sessions whose cells count for a message's status: the other side's, or my own devices for notes. */
function recipientsOf(tx: Transaction, conversation: ConversationId): SessionRecord[] {
  requireListed(tx);
  const contact = tx.contacts.get(conversation);
  if (contact === undefined) {
    if (conversation === (tx.self.id as string)) return [];
    throw new MessengerError("argument/invalid", { reason: "there is no such conversation" });
  }
  if (contact.phase === "refused") throw new MessengerError("invite/used", {});
  if (contact.phase !== "open" && contact.phase !== "asking") {
    throw new MessengerError("argument/invalid", { reason: "this person's request has not been accepted" });
  }
  requireNoAlarm(contact);
  const devices = reachable(tx, contact);
  if (devices.length === 0) throw new MessengerError("identity/not-listed", {});
  if (contact.phase === "asking" && !contact.asked) askAtAddress(tx, contact);
  return devices;
}

function isReady(tx: Transaction, device: string): boolean {
  const session = tx.sessions.get(device);
  return session !== undefined && mayWrite(tx, session);
}

/** Those of them that the message's status waits for: whoever there is a session with, or one device if there is none yet. */
function countedOf(tx: Transaction, recipients: readonly SessionRecord[]): readonly SessionRecord[] {
  const ready = recipients.filter(({ device }) => isReady(tx, device));
  return ready.length > 0 ? ready : recipients.slice(0, 1);
}

function startOf(tx: Transaction, cells: number): MessageRecord["progress"] {
  return cells > 0 ? { state: "queued", remaining: cells } : { state: "sent", at: tx.now };
}

/** A message that has come here from elsewhere; `undefined` when it is known. */
async function writeDown(
  tx: Transaction,
  { delivered, ...message }: Told & Pick<MessageRecord, "history">,
): Promise<MessageRecord | undefined> {
  if ((await tx.messages.find(message)) !== undefined) return undefined;
  openConversation(tx, message.conversation as string as ContactId);
  const mine = message.author === (tx.self.id as string);
  const sent = delivered === undefined ? ({ state: "sent", at: message.sent } as const) : ({ state: "delivered", at: delivered } as const);
  return tx.messages.add({ ...message, progress: mine ? sent : { state: "received" } });
}

/** The conversation shows which message stands last, and when (ms) something was last said. */
function messageAdded(tx: Transaction, record: MessageRecord, active: number = tx.now): void {
  const { last } = tx.conversations.get(record.conversation) as ConversationRecord;
  const position = positionOf(record);
  const newest = last === null || last.position < position ? { place: record.place, position } : last;
  tx.changeConversation(record.conversation, { last: newest, active });
}

function sendContent(
  tx: Transaction,
  record: MessageRecord,
  recipients: readonly SessionRecord[],
  counted: readonly SessionRecord[],
): void {
  const content = contentOf(record);
  if (content === undefined) return;
  const contact = tx.contacts.get(record.conversation);
  const account = contact?.account ?? tx.self.account;
  const plaintext = encodeContents(contact === undefined ? [content] : [content, ...takeReceipts(tx, contact.id)]);
  const copy = encodeContents([
    newContent(tx, "copy", { conversation: account, author: tx.self.account, contents: [content], read: true }),
  ]);
  const cells = [
    ...recipients.map((session) => () => enqueueOnSession(tx, session, plaintext, counted.includes(session) ? { message: record } : {})),
    ...ownSessions(tx).map((session) => () => enqueueOnSession(tx, session, copy)),
  ];
  for (const session of [...recipients, ...ownSessions(tx)]) {
    sentTo(tx, session, record);
    spokenOn(tx, session, "written");
  }
  for (const enqueueCell of shuffled(tx, cells)) enqueueCell();
}
