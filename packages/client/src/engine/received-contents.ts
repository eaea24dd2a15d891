// Contents that arrive: read on the session they came on, and taken in as what a contact says or what another device of mine tells. Takes
// plaintexts and the session they came on, whose device is in the newest list held of its account; changes the transaction. Every content can
// come again (the board is read again after a crash, copies overlap) and then changes nothing. Not a concern here: cells, first contacts
// (meeting.ts), what each content does (contents-from-contacts.ts, contents-from-own-devices.ts).

import { accountId, type Content, decodeContents, ProtocolError, type PublicKey } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { conversationWith } from "../records/conversation-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { receiveFromContact } from "./contents-from-contacts.ts";
import { receiveFromOwnDevice } from "./contents-from-own-devices.ts";
import type { MessageName } from "./message-log.ts";
import { addUnreadable, isMessage } from "./messages.ts";
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

function isOwn(tx: Transaction, session: SessionRecord): boolean {
  return session.account === (tx.self.id as string);
}
