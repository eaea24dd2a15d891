// Conversations as records: begun when a contact opens. Not a concern here: messages.

import type { ContactId } from "../api.ts";
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
