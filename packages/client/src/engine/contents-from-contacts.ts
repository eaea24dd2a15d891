// What a contact's device says: facts about its account, how far my messages got, and messages. Takes decoded contents and the session they came
// on; changes the transaction, answers with a card when the other side should hear one, and passes on to my other devices what they were not
// sent. Not a concern here: first contacts (meeting.ts), what own devices tell (contents-from-own-devices.ts).

import {
  accountId,
  type Card,
  type CardBody,
  type Content,
  deviceInList,
  isLater,
  ProtocolError,
  verifyCard,
  verifyDeviceList,
} from "@sotto/protocol";
import { conversationWith } from "../records/conversation-record.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { reachedBy } from "./cards.ts";
import { receiveRestarted } from "./clones.ts";
import { contactOpened } from "./contact-phases.ts";
import { acceptContactList } from "./device-lists.ts";
import { receivePing, spokenOn } from "./healing.ts";
import { hold } from "./held.ts";
import { introduceToContact } from "./joining.ts";
import { keepInformed } from "./knowledge.ts";
import { isMessage, markDelivered, takeMessage } from "./messages.ts";
import { passOn, syncContact } from "./notices.ts";
import { oweReceipt } from "./receipts.ts";
import type { Said } from "./received-contents.ts";
import type { Transaction } from "./transaction.ts";
import { verified } from "./verified.ts";

/** Takes in what a contact's device said. */
export async function receiveFromContact(tx: Transaction, said: Said): Promise<void> {
  const { session, contents } = said;
  const contact = tx.contacts.get(session.account);
  if (contact === undefined || contact.phase === "declined" || contact.phase === "blocked") return;
  // A stranger's account facts are kept up to date, so that accepting works; what they wrote is not looked at before.
  const waiting = contact.phase === "request";
  for (const content of contents) {
    await applyNotice(tx, session, content);
    if (!waiting && (await takeMessage(tx, session.account, session.account, content))) oweReceipt(tx, session.account, content.id);
  }
  if (waiting && contents.some(isMessage)) hold(tx, said);
  if (waiting) return;
  if (contents.some(isMessage)) spokenOn(tx, session, "read");
  afterContents(tx, said);
}

/** Facts about the other account, and how far what I wrote got. */
async function applyNotice(tx: Transaction, session: SessionRecord, content: Content): Promise<void> {
  const contact = tx.contacts.get(session.account) as ContactRecord;
  switch (content.type) {
    case "hello":
    case "card":
      return await receiveCard(tx, session, contact, content.body);
    case "device-list":
      await verified(tx, async () => {
        const list = verifyDeviceList(tx.p, content.body.list);
        if (accountId(list.account) === contact.id) await acceptContactList(tx, contact, list);
      });
      return;
    case "profile": {
      const named = { at: content.sent, by: session.deviceId };
      if (isLater(named, contact.named)) tx.changeContact(contact.id, { name: content.body.name, named });
      return;
    }
    // A stranger has nothing to say about sessions: it would be heard before they were accepted.
    case "restarted":
      return contact.phase === "request" ? undefined : receiveRestarted(tx, session, content.body);
    case "ping":
      return contact.phase === "request" ? undefined : receivePing(tx, session, content.body.turn);
    case "receipt":
      for (const id of [...content.body.delivered, ...content.body.read])
        await markDelivered(tx, session, conversationWith(contact.id), id);
      return;
    case "request-key":
      tx.changeContact(contact.id, { theirRequestKey: content.body.key.expose().slice() });
      return;
    default:
      return;
  }
}

async function receiveCard(tx: Transaction, session: SessionRecord, contact: ContactRecord, body: CardBody): Promise<void> {
  await verified(tx, async () => {
    const card = verifyCard(tx.p, body.card, tx.now);
    if (accountId(card.list.account) !== contact.id)
      throw new ProtocolError("identity/not-listed", "a card is of another account than its sender");
    await takeCard(tx, session, contact, card, body);
  });
}

/** A verified card of a contact: where they are, which lists they know; an answer to my first contact if I was asking. */
async function takeCard(tx: Transaction, session: SessionRecord, contact: ContactRecord, card: Card, body: CardBody): Promise<void> {
  const current = await acceptContactList(tx, contact, card.list);
  if (deviceInList(current.list, session.session.theirs) === undefined) return;
  const changed = tx.changeContact(contact.id, reachedBy(tx, current, card));
  const { yours } = body.lists;
  if (yours !== undefined) {
    const held = tx.sessions.get(session.device) as SessionRecord;
    tx.sessions.put({ ...held, knows: Math.max(held.knows, Math.min(yours.version, tx.self.list.version)) });
  }
  if (changed.phase === "asking") await contactOpened(tx, changed.id);
  if (changed.phase !== "open") return;
  introduceToContact(tx, changed);
  // A device of mine that was told of them before, or linked meanwhile, cannot introduce itself without.
  const bundles = card.bundles.map(({ deviceId }) => deviceId).filter((id) => current.bundles[String(id)] === undefined);
  if (bundles.length > 0) syncContact(tx, changed, { bundles });
}

/** Keeps both sides' knowledge of each other's devices equal, and my own devices informed of what they were not sent. */
function afterContents(tx: Transaction, { session: before, contents, late }: Said): void {
  const session = tx.sessions.get(before.device);
  const contact = tx.contacts.get(before.account);
  if (session === undefined || contact?.phase !== "open") return;
  if (late || session.knows < tx.self.list.version) {
    passOn(tx, contact, contents.filter(isMessage));
    if (contents.some(({ type }) => type === "profile")) syncContact(tx, contact, { bundles: [] });
  }
  keepInformed(tx, session.device);
}
