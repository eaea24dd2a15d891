// Taking in what a backup has: contacts and messages that this device does not know. What is here already is newer and stays; nothing comes
// twice. Takes items of a backup; changes the transaction. Nobody is told of messages and no receipt is owed for them: they are history. Not a
// concern here: opening a backup (backup-import.ts).

import {
  accountId,
  type AccountStateBody,
  type ContactBody,
  type Content,
  type ConversationBody,
  decodeContents,
  deviceInList,
  encodeCard,
  equalBytes,
  isLater,
  NEVER,
  type PublicKey,
  Secret,
  verifyKeptCard,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { conversationWith } from "../records/conversation-record.ts";
import { keptCard } from "./cards.ts";
import { takeDeviceNames, takeName } from "./contents-from-own-devices.ts";
import { openConversation } from "./conversations.ts";
import { addHistory, type Told } from "./messages.ts";
import { takeConversation } from "./reading.ts";
import { acceptSyncedContact } from "./synced-contacts.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Takes in items of a backup, in their order; gives how many messages were new. Who made it (`author`: the account's key stands for who has the
 * words) may be a device that was removed since: then nothing that a person decided is believed. `content/invalid` and what `verifyKeptCard`
 * fails with.
 */
export async function takeBackup(tx: Transaction, items: readonly Uint8Array[], author: PublicKey): Promise<number> {
  const contents = items.flatMap((item) => decodeContents(item));
  const messages = messagesIn(contents);
  await tx.messages.lookUp(messages);
  const isBelieved = equalBytes(author, tx.self.account) || deviceInList(tx.self.list, author) !== undefined;
  for (const content of contents) await takeFact(tx, content, isBelieved);
  let taken = 0;
  for (const message of messages) if (await takeMessage(tx, message)) taken++;
  return taken;
}

async function takeFact(tx: Transaction, content: Content, isBelieved: boolean): Promise<void> {
  switch (content.type) {
    case "account-state":
      return takeAccountState(tx, content.body);
    case "contact":
      return await takeContact(tx, isBelieved ? content.body : undecided(content.body));
    case "conversation":
      return takeListing(tx, content.body);
    default:
      return;
  }
}

/** The account's name, what devices that are still listed are called, the handle; whether the account is published is decided anew. */
function takeAccountState(tx: Transaction, { names, profile, handle }: AccountStateBody): void {
  const isListed = ({ device }: { device: number }): boolean => tx.self.list.entries.some(({ id }) => id === device);
  takeDeviceNames(tx, names.filter(isListed));
  takeName(tx, profile);
  tx.changeSelf({ handle: tx.self.handle ?? handle ?? null });
}

/** A draft and how a conversation is listed, if that was changed later than here. */
function takeListing(tx: Transaction, body: ConversationBody): void {
  const other = accountId(body.conversation as PublicKey) as ContactId;
  if (other !== (tx.self.id as string) && tx.contacts.get(other) === undefined) return;
  openConversation(tx, other);
  takeConversation(tx, conversationWith(other), body);
}

/** A contact as somebody knows it whose judgement does not count. */
function undecided(body: ContactBody): ContactBody {
  return { ...body, verified: false, assessed: 0, alarmed: 0, changed: NEVER };
}

/** Of a contact that is known here only what a person decided can be newer in a backup: never how to reach them, nor the keys. */
async function takeContact(tx: Transaction, body: ContactBody): Promise<void> {
  const card = verifyKeptCard(tx.p, body.card);
  const known = tx.contacts.get(accountId(card.list.account));
  if (known === undefined || known.phase === "request") return await acceptSyncedContact(tx, body);
  // One contact comes in as many pieces as it has devices.
  const bundles = { ...Object.fromEntries(card.bundles.map(({ deviceId, bytes }) => [String(deviceId), bytes])), ...known.bundles };
  const held = tx.changeContact(known.id, { bundles });
  const decided = isLater(body.changed, held.changed) ? body : { ...body, changed: NEVER };
  const { ourRequestKey, keyed, named } = held;
  const here = { card: encodeCard(keptCard(tx, held)), requestKey: new Secret(ourRequestKey), keyed, named };
  await acceptSyncedContact(tx, { ...decided, ...here });
}

/** What needs a newer version is left out: importing again after the update brings it. */
function messagesIn(contents: readonly Content[]): readonly Told[] {
  // Few accounts write many messages, and an id takes longer than a message.
  const ids = new Map<string, ContactId>();
  const idOf = (key: Uint8Array): ContactId => {
    const known = ids.get(key.join()) ?? (accountId(key as PublicKey) as ContactId);
    ids.set(key.join(), known);
    return known;
  };
  return contents.flatMap((content) => {
    if (content.type !== "copy") return [];
    const [conversation, author] = [conversationWith(idOf(content.body.conversation)), idOf(content.body.author)];
    const { delivered } = content.body;
    const ticks = delivered === undefined ? {} : { delivered };
    return content.body.contents.flatMap((said): Told[] => {
      if (said.type !== "text") return [];
      const { id, sent, order = 0, body } = said;
      return [{ conversation, author, id, sent, order, body: { type: "text", text: body.text }, ...ticks }];
    });
  });
}

async function takeMessage(tx: Transaction, message: Told): Promise<boolean> {
  const { conversation, author } = message;
  const self = tx.self.id as string;
  if (author !== (conversation as string) && author !== self) return false;
  if (conversation !== self && tx.contacts.get(conversation) === undefined) return false;
  return await addHistory(tx, message);
}
