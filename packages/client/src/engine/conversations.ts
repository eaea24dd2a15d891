// Conversations as records: begun when a contact opens. Not a concern here: messages, how a person sees them (reading.ts).

import { NEVER } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { conversationWith, type ConversationRecord } from "../records/conversation-record.ts";
import type { Transaction } from "./transaction.ts";

/** The conversation with an account, begun if there is none; `begun` (ms): when, if that was not now. */
export function openConversation(tx: Transaction, account: ContactId, begun = tx.now): ConversationRecord {
  const id = conversationWith(account);
  const known = tx.conversations.get(id);
  if (known !== undefined) return known;
  const draft = { text: "", ...NEVER };
  const listing = { pinned: false, archived: false, muted: 0, ...NEVER };
  const record: ConversationRecord = { id, account, unread: 0, draft, listing, last: null, active: Math.min(begun, tx.now) };
  tx.conversations.put(record);
  return record;
}

/** The conversation with myself. */
export function openNotes(tx: Transaction): void {
  openConversation(tx, tx.self.id as string as ContactId);
}
