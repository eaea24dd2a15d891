// Conversations as records: begun when a contact opens, read by a person. Not a concern here: messages.

import type { ContactId, ConversationId } from "../api.ts";
import { conversationWith, type ConversationRecord } from "../records/conversation-record.ts";
import type { Transaction } from "./transaction.ts";

/** The conversation with an account, begun if there is none; `begun` (ms): when, if that was not now. */
export function openConversation(tx: Transaction, account: ContactId, begun = tx.now): ConversationRecord {
  const id = conversationWith(account);
  const known = tx.conversations.get(id);
  if (known !== undefined) return known;
  const record: ConversationRecord = { id, account, unread: 0, last: null, active: Math.min(begun, tx.now) };
  tx.conversations.put(record);
  return record;
}

/** The conversation with myself. */
export function openNotes(tx: Transaction): void {
  openConversation(tx, tx.self.id as string as ContactId);
}

/** `count` messages were seen, `null`: all there are. What came since the caller looked stays unread. */
export function markRead(tx: Transaction, id: ConversationId, count: number | null): void {
  const unread = tx.conversations.get(id)?.unread ?? 0;
  if (unread > 0) tx.changeConversation(id, { unread: count === null ? 0 : Math.max(0, unread - Math.max(0, count)) });
}
