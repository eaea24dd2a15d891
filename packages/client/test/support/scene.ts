// An account in a storage, a contact who writes to it, and a board in memory: what receiving is tested and measured with. The contact's side
// is the bare protocol, so that thousands of messages are made in seconds. Not a concern here: who reads the board.

import {
  type Content,
  encodeContents,
  findPrekeys,
  newContentId,
  newPrekeys,
  parsePublicKey,
  publishedPrekeys,
  type PublicKey,
  RatchetSession,
  serviceAddress,
  type SessionEnds,
} from "@sotto/protocol";
import type { Storage } from "../../src/api.ts";
import { openConversation } from "../../src/engine/conversations.ts";
import { watchEverything } from "../../src/engine/lanes.ts";
import { sessionEnds, sessionName } from "../../src/records/session-record.ts";
import { BareAccount, p, Stranger } from "./bare-account.ts";
import { FakeRelay } from "./fake-relay.ts";

/** What there is to say: as long as most messages are. */
const TEXT = "See you at the station at half past eight, and bring the tickets.";

/** The relay of a bare account. */
const ADDRESS = "http://relay.test";

/** An account whose one contact has a session with it. */
export interface Scene {
  readonly account: BareAccount;
  readonly friend: Stranger;
  readonly relay: FakeRelay;
  /** Where the account says that this relay is. */
  readonly address: string;
  /** The friend pins so many messages on the board. */
  write(count: number): void;
  /** The friend pins a cell that says this. */
  say(...contents: readonly Content[]): void;
  /** A text as the friend would write it. */
  text(): Content;
}

/** Makes the account in an empty storage. Close `account.state.store` before it is opened by a client. */
export async function openScene(storage: Storage): Promise<Scene> {
  const account = await BareAccount.open(storage);
  const friend = new Stranger();
  const relay = new FakeRelay();
  account.now = Date.now();
  const ours = { device: account.state.device, account: account.state.self.account as PublicKey };
  const [device] = friend.devices as [(typeof friend.devices)[0]];
  const mine: SessionEnds = sessionEnds(p, ours, {
    key: device.keys.publicKey,
    address: serviceAddress(p, friend.account.publicKey, device.id),
  });
  const theirs: SessionEnds = {
    ours: { identity: device.keys, registrationId: device.registrationId, address: mine.theirs.address },
    theirs: { key: account.state.device.keys.publicKey, address: mine.ours.address },
  };
  const [reading, first] = begin(mine, theirs, account.now);
  let writing = first;
  await account.change((tx) => {
    const contact = friend.contact();
    tx.contacts.put(contact);
    tx.sessions.put({
      device: sessionName(device.keys.publicKey),
      account: friend.id,
      deviceId: device.id,
      session: reading,
      knows: 1,
      told: 1,
      missing: 0,
      reported: 0,
      read: { [ADDRESS]: 0 },
    });
    openConversation(tx, friend.id);
    watchEverything(tx);
    tx.boardRead(ADDRESS, { board: relay.board, cursor: 0 });
  });
  const text = (): Content => ({ type: "text", id: newContentId(p), sent: account.now, body: { text: TEXT } });
  const say = (...contents: readonly Content[]): void => {
    const { cell, session } = writing.encrypt(p, encodeContents(contents), account.now);
    relay.append(cell.tag, cell.body);
    writing = session;
  };
  const write = (count: number): void => {
    for (let i = 0; i < count; i++) say(text());
  };
  return { account, friend, relay, address: ADDRESS, write, say, text };
}

/** A session that both have used: what mine reads with, what the other side writes with. */
function begin(mine: SessionEnds, theirs: SessionEnds, now: number): readonly [RatchetSession, RatchetSession] {
  const { identity } = mine.ours;
  const own = newPrekeys(p, now);
  const { signed, kyber } = publishedPrekeys(p, identity, own).prekeys;
  const prekeys = {
    identityKey: identity.publicKey,
    signedPrekey: parsePublicKey(p, signed.key),
    signedPrekeyId: signed.id,
    kyberPrekey: kyber.key,
    kyberPrekeyId: kyber.id,
  };
  const begun = RatchetSession.start(theirs).initiate(p, prekeys, new Uint8Array(1), now);
  const answered = RatchetSession.start(mine).answer(p, begun.hello, (use) => findPrekeys(own, identity, use));
  const reply = answered.session.encrypt(p, new Uint8Array(1), now);
  return [reply.session, begun.session.decrypt(p, reply.cell.tag, reply.cell.body).session];
}
