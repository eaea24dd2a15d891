// Taking in what a backup has: contacts and messages that this device does not know. What is here already is newer and stays; nothing comes
// twice. Takes items of a backup; changes the transaction. Nobody is told of messages and no receipt is owed for them: they are history. Not a
// concern here: opening a backup (backup-import.ts).

import {
  accountId,
  type AccountStateBody,
  type ContactBody,
  type Content,
  type ConversationBody,
  type CopyBody,
  decodeContents,
  encodeCard,
  isLater,
  type PublicKey,
  Secret,
  verifyKeptCard,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { conversationWith } from "../records/conversation-record.ts";
import { keptCard } from "./cards.ts";
import { openConversation } from "./conversations.ts";
import { addHistory } from "./messages.ts";
import { takeConversation } from "./reading.ts";
import { takeName } from "./received-contents.ts";
import { acceptSyncedContact } from "./synced-contacts.ts";
import type { Transaction } from "./transaction.ts";

/** Takes in items of a backup, in their order; gives how many messages were new. `content/invalid` and what `verifyKeptCard` fails with. */
export async function takeBackup(tx: Transaction, items: readonly Uint8Array[]): Promise<number> {
  let messages = 0;
  for (const item of items) for (const content of decodeContents(item)) messages += await takeContent(tx, content);
  return messages;
}

async function takeContent(tx: Transaction, content: Content): Promise<number> {
  switch (content.type) {
    case "account-state":
      takeAccountState(tx, content.body);
      return 0;
    case "contact":
      await takeContact(tx, content.body);
      return 0;
    case "conversation":
      takeListing(tx, content.body);
      return 0;
    case "copy":
      return await takeMessages(tx, content.body);
    default:
      return 0;
  }
}

/** The account's name, what devices that are still listed are called, the handle; whether the account is published is decided anew. */
function takeAccountState(tx: Transaction, { names, profile, handle }: AccountStateBody): void {
  const deviceNames = { ...tx.self.deviceNames };
  for (const { device, ...named } of names) {
    const known = deviceNames[String(device)];
    const isListed = tx.self.list.entries.some(({ id }) => id === device);
    if (isListed && (known === undefined || isLater(named, known))) deviceNames[String(device)] = named;
  }
  takeName(tx, profile);
  tx.changeSelf({ deviceNames, handle: tx.self.handle ?? handle ?? null });
}

/** A draft and how a conversation is listed, if that was changed later than here. */
function takeListing(tx: Transaction, body: ConversationBody): void {
  const other = accountId(body.conversation as PublicKey) as ContactId;
  if (other !== (tx.self.id as string) && tx.contacts.get(other) === undefined) return;
  openConversation(tx, other);
  takeConversation(tx, conversationWith(other), body);
}

/** Of a contact that is known here only what a person decided can be newer in a backup: never how to reach them, nor the keys. */
async function takeContact(tx: Transaction, body: ContactBody): Promise<void> {
  const card = verifyKeptCard(tx.p, body.card);
  const known = tx.contacts.get(accountId(card.list.account));
  if (known === undefined || known.phase === "request") return await acceptSyncedContact(tx, body);
  // One contact comes in as many pieces as it has devices.
  const bundles = { ...Object.fromEntries(card.bundles.map(({ deviceId, bytes }) => [String(deviceId), bytes])), ...known.bundles };
  const held = tx.changeContact(known.id, { bundles });
  const decided = isLater(body.changed, held.changed) ? body : { ...body, changed: { at: 0, by: 0 } };
  const { ourRequestKey, keyed, named } = held;
  const here = { card: encodeCard(keptCard(tx, held)), requestKey: new Secret(ourRequestKey), keyed, named };
  await acceptSyncedContact(tx, { ...decided, ...here });
}

async function takeMessages(tx: Transaction, copy: CopyBody): Promise<number> {
  const other = accountId(copy.conversation as PublicKey) as ContactId;
  const author = accountId(copy.author as PublicKey) as ContactId;
  const self = tx.self.id as string;
  if (author !== other && author !== self) return 0;
  if (other !== self && tx.contacts.get(other) === undefined) return 0;
  let messages = 0;
  for (const content of copy.contents) {
    // What needs a newer version is left out: importing again after the update brings it.
    if (content.type !== "text") continue;
    const { id, sent, order = 0, body } = content;
    const message = { id, sent, order, body: { type: "text", text: body.text } } as const;
    if (await addHistory(tx, conversationWith(other), author, message)) messages++;
  }
  return messages;
}
