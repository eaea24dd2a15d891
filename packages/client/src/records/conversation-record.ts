// What a conversation shows of itself, as stored. Not a concern here: its messages, the person behind it.

import type { Draft, Listing } from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import { plainKind } from "../engine/table.ts";

/** A conversation with one person, or with myself (notes). */
export interface ConversationRecord {
  readonly id: ConversationId;
  /** The other account; my own for notes. */
  readonly account: ContactId;
  /** How many messages wait to be read: records of their own. */
  readonly unread: number;
  readonly draft: Draft;
  readonly listing: Listing;
  /** The message that stands last: its place in the log, and its position (engine/message-order.ts); `null` when there is none. */
  readonly last: { readonly place: number; readonly position: string } | null;
  /** When it was begun or last had a message, ms: the order of a list. */
  readonly active: number;
}

export const conversationKind = plainKind<ConversationRecord>("conversations", (record) => record.id);

/** The conversation with an account: two people have one. */
export function conversationWith(account: ContactId): ConversationId {
  return account as string as ConversationId;
}
