// Conversations and their messages.

import type { MessengerError } from "../errors.ts";
import type { MessagesOptions } from "./client.ts";
import type { Contact, Trust } from "./people.ts";
import type { Cancellable, ContactId, ConversationId, Cursor, Live, MessageId } from "./values.ts";

/** All conversations of the account. */
export interface Conversations {
  /** Pinned ones first, then those in which something happened last. */
  readonly list: Live<readonly Conversation[]>;
  get(id: ConversationId): Promise<Conversation | undefined>;
  /** Note to self, shared by my devices. */
  notes(): Promise<Conversation>;
}

/** One person, or my own notes, and what was said. */
export interface Conversation {
  readonly id: ConversationId;
  readonly kind: "direct" | "notes";
  /** The other person; absent for notes. */
  readonly contact?: Contact;
  readonly state: Live<ConversationState>;
  /**
   * Resolves when safely in the outbox (offline is fine). Watch `message.status`, or await `message.sent`. 1 to 3,500 bytes of UTF-8:
   * `message/empty`, `message/too-large`. `identity/changed` after a verification, until `setVerified`;
   * `invite/used`; `identity/not-listed` when no device of theirs can be reached; `device/not-listed`, `device/removed`.
   */
  send(text: string, options?: Cancellable): Promise<Message>;
  /** As `client.messages`, of this conversation alone. */
  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  /**
   * Windowed history for list views, in the order that all devices show, oldest first in each page, with paging both ways. Default: the
   * newest 50; "unread": around the first message that was not read, else the newest. `argument/invalid` for a message that is not here.
   */
  history(options?: { around?: "end" | "unread" | MessageId; limit?: number } & Cancellable): Promise<Page<Message>>;
  /**
   * Takes messages of the other side as read, on all my devices: all, everything up to one as it is shown, or exactly these. What comes
   * later stays unread, wherever it is shown.
   */
  markRead(what?: Message | readonly Message[]): Promise<void>;
  /**
   * Keeps what is being written, on all my devices: call it when the person pauses, each change is a cell for each device. Sending the same
   * text clears it. At most 3,500 bytes of UTF-8: `message/too-large`.
   */
  setDraft(draft: string): Promise<void>;
  /** How the conversation is listed, on all my devices; what is not named stays. `muted`: for ever, until a time, or not any more. */
  update(change: { muted?: boolean | Date; pinned?: boolean; archived?: boolean }): Promise<void>;
}

/** What a list of conversations shows of one. */
export interface ConversationState {
  name: string;
  /** Messages that wait to be read. */
  unread: number;
  /** What is being written, on whichever device. */
  draft: string;
  pinned: boolean;
  archived: boolean;
  muted: boolean;
  lastMessage?: Message;
  trust: Trust;
  /** "asking": my first message waits for the other side to accept. */
  phase: "asking" | "open";
}

/** A message, as it is now: it is the same object for as long as somebody holds it. */
export interface Message {
  readonly id: MessageId;
  readonly cursor: Cursor;
  /** Where it stands in its conversation, alike on all devices of both people: positions sort as strings. */
  readonly position: string;
  readonly conversation: Conversation;
  readonly sender: Sender;
  readonly mine: boolean;
  /** By the sender's clock. */
  readonly sentAt: Date;
  readonly content: Content;
  /** Whether it waits to be read. */
  readonly unread: boolean;
  /** Plain text of any content, for notifications and terminals. */
  readonly text: string;
  readonly status: Status;
  /** Settles when the relay holds it for every device of the other side. Rejects with `send/failed`; `retry()` tries again. */
  readonly sent: Promise<void>;
  /** Sends it again if it failed; otherwise does nothing. */
  retry(): Promise<void>;
}

/** Who wrote a message. */
export interface Sender {
  readonly id: ContactId;
  readonly name: string;
}

/**
 * ◷ queued, ✓ sent (the relay holds it), ✓✓ delivered (their device has it). A receipt rides along with their next message, or comes by
 * itself after 10 to 20 minutes at random: sent at once, it would tell the relay who answers whom.
 */
export type Status =
  | { state: "queued" }
  | { state: "sent"; at: Date }
  | { state: "delivered"; at: Date }
  | { state: "failed"; error: MessengerError };

/** What a message says. */
export type Content =
  | { type: "text"; text: string }
  /** Shown, never swallowed: what could not be read and what to do about it. */
  | { type: "unreadable"; error: MessengerError };

/** A part of a list; `undefined` when there is nothing before or after it. */
export interface Page<T> {
  items: readonly T[];
  before(limit?: number): Promise<Page<T> | undefined>;
  after(limit?: number): Promise<Page<T> | undefined>;
}
