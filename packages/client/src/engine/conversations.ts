// Conversations as records: begun when a contact opens. Not a concern here: messages.

import type { ContactId } from "../api.ts";
import { conversationWith, type ConversationRecord } from "../records/conversation-record.ts";
import type { Transaction } from "./transaction.ts";

/** The conversation with an account, begun if there is none. */
export function openConversation(tx: Transaction, account: ContactId): ConversationRecord {
  const id = conversationWith(account);
  const known = tx.conversations.get(id);
  if (known !== undefined) return known;
  const begun: ConversationRecord = { id, account, unread: 0, last: null, active: tx.now };
  tx.conversations.put(begun);
  return begun;
}
