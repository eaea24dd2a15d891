// First contacts that arrive (spec §5): a claim of an invite of mine, a stranger at my public address, a new device of a known account. Takes
// the cell and the address it was found under; verifies all of it, then lets the account in as far as its way allows. A cell that does not
// verify counts as absent. Not a concern here: first contacts that I make (introductions.ts).

import {
  accountId,
  type Answered,
  type Card,
  type CellAddress,
  cellAddress,
  claimAddress,
  type Content,
  decodeContents,
  deviceInList,
  type FirstContact,
  openableAddress,
  openFirstContact,
  ProtocolError,
  type PublicKey,
  Secret,
  verifyCard,
} from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { later } from "../later.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MAX_REQUESTS } from "../limits.ts";
import { type ContactRecord, NEW_CONTACT } from "../records/contact-record.ts";
import { sessionName, type SessionRecord } from "../records/session-record.ts";
import type { FeedCell } from "../relay/feed.ts";
import { reachedBy } from "./cards.ts";
import { changedNow, contactOpened } from "./contact-phases.ts";
import { acceptContactList, acceptOwnList, cameBack } from "./device-lists.ts";
import { introduceEverywhere, receiveJoin, welcome } from "./joining.ts";
import { receiveKnock } from "./answering-knocks.ts";
import { keepInformed } from "./knowledge.ts";
import { unwatchInvite } from "./lanes.ts";
import { ownSessions, sendCard, sendDeviceList } from "./notices.ts";
import { sessionBegan } from "./outbound.ts";
import { ownPrekeys, prekeysSpent } from "./own-prekeys.ts";
import { sessionMended } from "./repair.ts";
import { receiveRestart } from "./restarts.ts";
import { fitSessions, newSession, putSession } from "./sessions.ts";
import type { Target } from "./tag-table.ts";
import type { Transaction } from "./transaction.ts";

/** A first contact that verifies: who, by which device, the session that it begins, and what its hello says. */
interface Stranger extends FirstContact {
  readonly id: ContactId;
  readonly begun: Answered;
  readonly card: Card;
  readonly greeting: Extract<Content, { type: "hello" }>;
}

/** A cell in a claim slot: whoever holds the invite's link is let in. Gives whether it verified. */
export async function receiveClaim(tx: Transaction, target: Extract<Target, { kind: "claim" }>, cell: FeedCell): Promise<boolean> {
  const invite = tx.invites.get(target.invite);
  if (invite === undefined) return false;
  const stranger = open(tx, claimAddress(tx.p, new Secret(invite.requestKey), target.slot), cell.body);
  if (stranger === undefined || isOwn(tx, stranger.id)) return false;
  // The slot stays watched: on the board of another relay somebody else may have taken it.
  const claimed = [...invite.claimed, target.slot];
  if (claimed.length < invite.uses) tx.invites.put({ ...invite, claimed });
  else {
    unwatchInvite(tx, invite);
    tx.invites.delete(invite.id);
  }
  const session = await admit(tx, stranger);
  if (session !== undefined) await contactOpened(tx, stranger.id, { changed: changedNow(tx, stranger.id) });
  return true;
}

/** A cell at my public address: a stranger asks, unless I asked them or know them already. */
export async function receiveAtAddress(tx: Transaction, cell: FeedCell): Promise<void> {
  const stranger = open(tx, openableAddress(tx.p, tx.self.account as PublicKey, cell.tag), cell.body);
  if (stranger === undefined || isOwn(tx, stranger.id)) return;
  const before = tx.contacts.get(stranger.id)?.phase;
  if (before === undefined && tooManyRequests(tx)) return;
  if ((await admit(tx, stranger)) === undefined) return;
  if (before === "asking") await contactOpened(tx, stranger.id);
  else if (before === "open") sendCard(tx, tx.contacts.get(stranger.id) as ContactRecord);
  else if (before !== "request") {
    tx.changeContact(stranger.id, { phase: "request", met: tx.now });
    tx.happened({ type: "request", contact: stranger.id });
  }
}

/** A cell on a known account's lane: one of its devices that I cannot know yet. Gives whether it verified. */
export async function receiveIntroduction(
  tx: Transaction,
  target: Extract<Target, { kind: "introduction" }>,
  cell: FeedCell,
): Promise<boolean> {
  const { account, root, index } = target;
  const address = cellAddress(tx.p, new Secret(root), index);
  if (isOwn(tx, account) && (await receiveJoin(tx, address, cell.body))) return true;
  if (receiveRestart(tx, account, address, cell.body)) return true;
  const contact = tx.contacts.get(account);
  if (contact !== undefined && (await receiveKnock(tx, contact, address, cell.body))) return true;
  const stranger = open(tx, address, cell.body);
  if (stranger?.id !== account) return false;
  if (isOwn(tx, account)) await meetOwnDevice(tx, stranger);
  else {
    const session = await admit(tx, stranger);
    if (session !== undefined) keepInformed(tx, session.device);
  }
  return true;
}

/** A device of this account that introduces itself: one that was restored from the words may be unknown to all others. */
async function meetOwnDevice(tx: Transaction, stranger: Stranger): Promise<void> {
  const { list, device, card } = stranger;
  const known = deviceInList(tx.self.list, device.key) !== undefined;
  const accepted = await acceptOwnList(tx, list, card.requestKey.expose().slice());
  const session = began(tx, stranger);
  if (accepted === "listed") introduceEverywhere(tx);
  else if (session !== undefined && accepted !== "kept" && !known) {
    sendDeviceList(tx, ownSessions(tx));
    welcome(tx, session);
  }
  if (cameBack(tx).length > 0) await (await later.removing()).removeAgain(tx);
}

/** Keeps the session that a first contact begins; `undefined` when its device is not in the list that is held. */
function began(tx: Transaction, { id, device, begun }: Stranger): SessionRecord | undefined {
  const record = tx.sessions.get(sessionName(device.key));
  if (record === undefined || record.account !== id) return undefined;
  putSession(tx, { ...record, session: begun.session }, begun.watch);
  if (begun.used !== undefined) prekeysSpent(tx, begun.used);
  sessionMended(tx, record.device);
  sessionBegan(tx, record.device);
  return tx.sessions.get(record.device);
}

/** Everything of a first contact verified, or `undefined`. */
function open(tx: Transaction, address: CellAddress, body: Uint8Array): Stranger | undefined {
  const { p } = tx;
  try {
    const first = openFirstContact(p, { address, body, device: tx.device, account: tx.self.account as PublicKey });
    const held = tx.sessions.get(sessionName(first.device.key));
    const session = held?.session ?? newSession(tx, first.list.account, first.device);
    const begun = session.answer(p, first.hello, (use) => ownPrekeys(tx, use));
    const greeting = decodeContents(begun.plaintext)[0];
    if (greeting?.type !== "hello") return undefined;
    const card = verifyCard(p, greeting.body.card, tx.now, first.list);
    return { ...first, id: accountId(first.list.account) as ContactId, begun, card, greeting };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    // Somebody with a wrong clock, here or there, would wait for an answer for ever without anybody knowing why.
    if (error.code === "meeting/stale") tx.happened({ type: "error", error: asMessengerError(error) });
    return undefined;
  }
}

/** Makes or updates the contact and gives the session with the device that wrote; `undefined` when it may not be heard. */
async function admit(tx: Transaction, stranger: Stranger): Promise<SessionRecord | undefined> {
  const { id, list, card, greeting, device } = stranger;
  const known = tx.contacts.get(id);
  if (known?.phase === "blocked") return undefined;
  const contact = known === undefined ? newContact(tx, stranger) : await acceptContactList(tx, known, list);
  tx.contacts.put(contact);
  if (deviceInList(contact.list, device.key) === undefined) return undefined;
  await fitSessions(tx, id, contact.list);
  const session = began(tx, stranger);
  if (session === undefined) return undefined;
  // A card of an asking contact in its own first contact opens nothing by itself: the caller knows by which way it came.
  tx.contacts.put({ ...contact, ...reachedBy(tx, contact, card) });
  const yours = greeting.body.lists.yours?.version ?? 0;
  tx.sessions.put({ ...session, knows: Math.max(session.knows, Math.min(yours, tx.self.list.version)) });
  return session;
}

function newContact(tx: Transaction, { id, list, card }: Stranger): ContactRecord {
  const reach = reachedBy(tx, { bundles: {} }, card);
  const ourRequestKey = tx.p.randomBytes(32);
  return { ...NEW_CONTACT, id, account: list.account, phase: "request", list, ...reach, ourRequestKey, met: tx.now };
}

function tooManyRequests(tx: Transaction): boolean {
  let waiting = 0;
  for (const { phase } of tx.contacts.values()) if (phase === "request") waiting++;
  return waiting >= MAX_REQUESTS;
}

function isOwn(tx: Transaction, id: ContactId): boolean {
  return id === (tx.self.id as string);
}
