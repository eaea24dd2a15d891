// What the devices of an account tell each other about a conversation as its person sees it: which messages were read, what is being
// written, how it is listed. Only believed from a device of my own account.

import { utf8Length } from "@sotto/encoding";
import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import type { Fields } from "../fields.ts";
import { CONTENT_ID_LENGTH, MAX_READ_IDS, MAX_TEXT_LENGTH } from "../limits.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";
import { decodeStamp, encodeStamp, type Stamp } from "./stamp.ts";

/** Messages of the other side that were read, by content id: at most 200. */
export interface ReadBody {
  /** Account key of the other person. */
  readonly conversation: Uint8Array;
  readonly ids: readonly Uint8Array[];
}

/** Reads: exact ids, at least one. */
export const readCodec: BodyCodec<ReadBody> = {
  encode({ conversation, ids }) {
    requireConversation(conversation);
    if (ids.length < 1 || ids.length > MAX_READ_IDS) throw unacceptable(`1 to ${MAX_READ_IDS} messages are read at once`);
    if (ids.some((id) => id.length !== CONTENT_ID_LENGTH)) throw unacceptable("a content id has 16 bytes");
    return { conversation, ids };
  },
  decode(fields) {
    const conversation = fields.bytes("conversation", PUBLIC_KEY_LENGTH);
    const ids = fields.byteStrings("ids", MAX_READ_IDS, CONTENT_ID_LENGTH, true);
    if (ids.length === 0) throw fields.invalid("ids", "is empty");
    return { conversation, ids };
  },
};

/** A text that is being written: at most 3,500 bytes in UTF-8; empty when it was sent or thrown away. */
export interface Draft extends Stamp {
  readonly text: string;
}

/** How a conversation is listed. */
export interface Listing extends Stamp {
  readonly pinned: boolean;
  readonly archived: boolean;
  /** Until when nothing is announced (ms); 0: it is. */
  readonly muted: number;
}

/** What changed of a conversation: one of the two or both. */
export interface ConversationBody {
  /** Account key of the other person, or my own for notes. */
  readonly conversation: Uint8Array;
  readonly draft?: Draft;
  readonly listing?: Listing;
}

/** Conversations: each part replaces what an earlier change said. */
export const conversationCodec: BodyCodec<ConversationBody> = {
  encode({ conversation, draft, listing }) {
    requireConversation(conversation);
    if (draft === undefined && listing === undefined) throw unacceptable("nothing changed");
    if (draft !== undefined && utf8Length(draft.text) > MAX_TEXT_LENGTH) throw unacceptable(`a draft has at most ${MAX_TEXT_LENGTH} bytes`);
    return {
      conversation,
      draft: draft === undefined ? undefined : { text: draft.text, ...encodeStamp(draft) },
      listing: listing === undefined ? undefined : encodeListing(listing),
    };
  },
  decode(fields) {
    const conversation = fields.bytes("conversation", PUBLIC_KEY_LENGTH);
    const body: ConversationBody = {
      conversation,
      ...(fields.has("draft") ? { draft: fields.map("draft", decodeDraft) } : {}),
      ...(fields.has("listing") ? { listing: fields.map("listing", decodeListing) } : {}),
    };
    if (body.draft === undefined && body.listing === undefined) throw fields.invalid("conversation", "did not change");
    return body;
  },
};

function encodeListing(listing: Listing): { pinned: boolean; archived: boolean; muted: number; at: number; by: number } {
  const { pinned, archived, muted } = listing;
  if (muted < 0) throw unacceptable("a time is not negative");
  return { pinned, archived, muted, ...encodeStamp(listing) };
}

function decodeDraft(fields: Fields): Draft {
  const text = fields.text("text", MAX_TEXT_LENGTH);
  if (utf8Length(text) > MAX_TEXT_LENGTH) throw fields.invalid("text", `is longer than ${MAX_TEXT_LENGTH} bytes`);
  return { text, ...decodeStamp(fields) };
}

function decodeListing(fields: Fields): Listing {
  return {
    pinned: fields.boolean("pinned"),
    archived: fields.boolean("archived"),
    muted: fields.uint("muted"),
    ...decodeStamp(fields),
  };
}

function requireConversation(key: Uint8Array): void {
  if (key.length !== PUBLIC_KEY_LENGTH) throw unacceptable("an account key has 33 bytes");
}
