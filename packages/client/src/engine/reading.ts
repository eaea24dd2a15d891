// How a person sees a conversation, the same on all of their devices: which messages wait to be read, what is being written, how it is
// listed. A message is read on all devices once it is read on one; of two changes of a draft or a listing the later one holds. Takes
// messages and changes; tells this account's other devices. Not a concern here: what the other side is told.

import { type Content, type ConversationBody, type Draft, isLater, type Listing, MAX_READ_IDS, MAX_TEXT_LENGTH } from "@sotto/protocol";
import { utf8Length } from "@sotto/encoding";
import type { ContactId, ConversationId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { MAX_EARLY_READS } from "../limits.ts";
import type { ConversationRecord } from "../records/conversation-record.ts";
import type { MessageRecord } from "../records/message-record.ts";
import { earlyReadName, type UnreadRecord } from "../records/unread-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { positionOf } from "./message-order.ts";
import { accountOf, newContent, ownSessions, tell } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/** A message of the other side was written down: it waits to be read, unless another device of mine was faster. */
export function messageCame(tx: Transaction, record: MessageRecord): void {
  const early = earlyReadName(record);
  if (tx.earlyReads.get(early) !== undefined) return tx.earlyReads.delete(early);
  const { place, conversation, id } = record;
  tx.unread.put({ place, conversation, id, position: positionOf(record) });
  tx.changeConversation(conversation, { unread: conversationOf(tx, conversation).unread + 1 });
}

/** What a person has read: everything, everything up to a message as it is shown, or exactly these, by place in the log. */
export type Seen = { readonly all: true } | { readonly upTo: number } | { readonly places: readonly number[] };

/** A person has read messages of a conversation: so they are on all of their devices. */
export async function markRead(tx: Transaction, conversation: ConversationId, seen: Seen): Promise<void> {
  const read = unreadOf(tx, conversation).filter(await among(tx, conversation, seen));
  settle(tx, conversation, read);
  tellRead(
    tx,
    ownSessions(tx),
    conversation,
    read.map(({ id }) => id),
  );
}

/** Tells devices of mine that messages of a conversation are read. */
export function tellRead(tx: Transaction, to: readonly SessionRecord[], conversation: ConversationId, ids: readonly Uint8Array[]): void {
  for (let from = 0; from < ids.length && to.length > 0; from += MAX_READ_IDS) {
    const some = ids.slice(from, from + MAX_READ_IDS);
    tell(tx, to, [newContent(tx, "read", { conversation: accountOf(tx, conversation), ids: some })]);
  }
}

async function among(tx: Transaction, conversation: ConversationId, seen: Seen): Promise<(record: UnreadRecord) => boolean> {
  if ("places" in seen) {
    const places = new Set(seen.places);
    return ({ place }) => places.has(place);
  }
  if ("all" in seen) return () => true;
  const last = await tx.messages.get(conversation, seen.upTo);
  return ({ position }) => last !== undefined && position <= positionOf(last);
}

/** Another device of mine showed these messages of the other side. One that is not here is read before it comes. */
export async function takeRead(tx: Transaction, conversation: ConversationId, ids: readonly Uint8Array[]): Promise<void> {
  const waiting = new Map(unreadOf(tx, conversation).map((record) => [earlyReadName(record), record]));
  const read = ids.flatMap((id) => waiting.get(earlyReadName({ conversation, id })) ?? []);
  settle(tx, conversation, read);
  const author = conversation as string as ContactId;
  for (const id of ids) {
    const isHere = waiting.has(earlyReadName({ conversation, id })) || (await tx.messages.find({ conversation, author, id })) !== undefined;
    if (!isHere) keepEarlyRead(tx, conversation, id);
  }
}

function keepEarlyRead(tx: Transaction, conversation: ConversationId, id: Uint8Array): void {
  const early = [...tx.earlyReads.values()];
  if (early.length >= MAX_EARLY_READS) {
    const oldest = early.reduce((a, b) => (b.heard < a.heard ? b : a));
    tx.earlyReads.delete(earlyReadName(oldest));
  }
  tx.earlyReads.put({ conversation, id, heard: tx.now });
}

/** What is being written, on all devices. `message/too-large`. */
export function setDraft(tx: Transaction, conversation: ConversationId, text: string): void {
  const size = utf8Length(text);
  if (size > MAX_TEXT_LENGTH) throw new MessengerError("message/too-large", { limit: MAX_TEXT_LENGTH, size });
  const { draft } = conversationOf(tx, conversation);
  if (draft.text === text) return;
  changeDraft(tx, conversation, text, draft);
}

/** What was being written has been sent. */
export function draftSent(tx: Transaction, conversation: ConversationId, text: string): void {
  const { draft } = conversationOf(tx, conversation);
  if (draft.text !== "" && draft.text.trim() === text.trim()) changeDraft(tx, conversation, "", draft);
}

/** How a conversation is listed, on all devices; what is not named stays. */
export function changeListing(
  tx: Transaction,
  conversation: ConversationId,
  change: { pinned?: boolean; archived?: boolean; muted?: number },
): void {
  const { listing: before } = conversationOf(tx, conversation);
  const listing = { ...before, ...change, ...tx.stamp(before) };
  tx.changeConversation(conversation, { listing });
  share(tx, conversation, { listing });
}

/** What another device of mine did to a conversation. */
export function takeConversation(tx: Transaction, conversation: ConversationId, { draft, listing }: ConversationBody): void {
  const known = conversationOf(tx, conversation);
  if (draft !== undefined && isLater(draft, known.draft)) tx.changeConversation(conversation, { draft });
  if (listing !== undefined && isLater(listing, known.listing)) tx.changeConversation(conversation, { listing });
}

/** A conversation as a person sees it, for another device of mine; `undefined` when nobody has changed anything. */
export function conversationContent(tx: Transaction, { id, draft, listing }: ConversationRecord): Content | undefined {
  if (draft.at === 0 && listing.at === 0) return undefined;
  return newContent(tx, "conversation", { conversation: accountOf(tx, id), draft, listing });
}

function changeDraft(tx: Transaction, conversation: ConversationId, text: string, before: Draft): void {
  const draft = { text, ...tx.stamp(before) };
  tx.changeConversation(conversation, { draft });
  share(tx, conversation, { draft });
}

function share(tx: Transaction, conversation: ConversationId, change: { draft: Draft } | { listing: Listing }): void {
  tell(tx, ownSessions(tx), [newContent(tx, "conversation", { conversation: accountOf(tx, conversation), ...change })]);
}

function settle(tx: Transaction, conversation: ConversationId, read: readonly UnreadRecord[]): void {
  for (const { place } of read) tx.unread.delete(String(place));
  if (read.length > 0) tx.changeConversation(conversation, { unread: conversationOf(tx, conversation).unread - read.length });
}

/** In the order in which they are shown. */
function unreadOf(tx: Transaction, conversation: ConversationId): readonly UnreadRecord[] {
  const unread = [...tx.unread.values()].filter((record) => record.conversation === conversation);
  return unread.toSorted((a, b) => (a.position < b.position ? -1 : 1));
}

function conversationOf(tx: Transaction, conversation: ConversationId): ConversationRecord {
  const record = tx.conversations.get(conversation);
  if (record === undefined) throw new MessengerError("argument/invalid", { reason: "there is no such conversation" });
  return record;
}
