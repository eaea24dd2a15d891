// Which device list of a contact holds, and what follows: rollback, forks, removed devices.

import { beforeEach, describe, expect, test } from "vitest";
import {
  cellAddress,
  compareBytes,
  decodeContents,
  type DeviceEntry,
  type DeviceList,
  encodeCard,
  generateKeyPair,
  MAX_DEVICES,
  newDevice,
  type PublicKey,
  sealRestart,
  Secret,
  signDeviceEntry,
  verifyBundleSignature,
  verifyCard,
} from "@sotto/protocol";
import { ownCard } from "../../src/engine/cards.ts";
import { acceptContactList, acceptOwnList } from "../../src/engine/device-lists.ts";
import { introduceToContact, introduceToOwnDevices } from "../../src/engine/joining.ts";
import { keepInformed } from "../../src/engine/knowledge.ts";
import { answerWhereDue, receiveRestart } from "../../src/engine/restarts.ts";
import { refreshList } from "../../src/engine/list-refresh.ts";
import { signNextList } from "../../src/engine/own-list.ts";
import { fitSessions } from "../../src/engine/sessions.ts";
import { keepWaiting } from "../../src/engine/waiting.ts";
import { assessment, trustIn } from "../../src/engine/trust.ts";
import { sendText } from "../../src/engine/messages.ts";
import { openConversation } from "../../src/engine/conversations.ts";
import { LANE_LENGTH, MAX_FORMER_KEYS, MAX_WAITING } from "../../src/limits.ts";
import { conversationWith } from "../../src/records/conversation-record.ts";
import type { ContactRecord } from "../../src/records/contact-record.ts";
import { sessionName, type SessionRecord } from "../../src/records/session-record.ts";
import { BareAccount, bundlesOf, NOW, p, Stranger } from "../support/bare-account.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
let me: BareAccount;
let bob: Stranger;
beforeEach(async () => {
  [me, bob] = [await BareAccount.open(), new Stranger()];
  bob.devices.push(newDevice(p, 2));
});

/** Bob is known by this list; `met`: and his devices by their bundles, with sessions begun. */
async function know(list: DeviceList, options: { met?: boolean } = {}): Promise<void> {
  await me.change(async (tx) => {
    const contact = bob.contact(list, options.met === true ? { bundles: bob.bundles() } : {});
    tx.contacts.put(contact);
    openConversation(tx, bob.id);
    await fitSessions(tx, bob.id, list);
    introduceToContact(tx, contact);
  });
}

async function hear(list: DeviceList): Promise<void> {
  await me.change(async (tx) => {
    const contact = tx.contacts.get(bob.id);
    if (contact !== undefined) await acceptContactList(tx, contact, list);
  });
}

const held = (): number | undefined => me.state.contacts.get(bob.id)?.list.version;
const sessions = (): readonly number[] => [...me.state.sessions.values()].map(({ deviceId }) => deviceId).toSorted();

describe("a contact's list", () => {
  test("that changes all the time makes nothing grow without end", async () => {
    await know(bob.list(1));
    for (let version = 2; version < 2 + MAX_FORMER_KEYS + 5; version++) {
      await hear(bob.list(version, [bob.devices[version % 2] as (typeof bob.devices)[0]]));
    }
    expect(me.state.contacts.get(bob.id)?.formerKeys).toHaveLength(MAX_FORMER_KEYS);
    expect(me.state.tags.size).toBe((MAX_FORMER_KEYS + 1) * LANE_LENGTH);
  });

  test("that is newer opens and closes sessions to fit, and is told", async () => {
    await know(bob.list(1));
    expect(sessions()).toEqual([1, 2]);
    const watched = me.state.tags.size;
    const [first] = bob.devices;
    await hear(bob.list(2, [first as never, newDevice(p, 3)]));
    // The removed device knew where Bob's newcomers are awaited: they are awaited under a new key, too.
    expect([held(), sessions(), me.state.tags.size]).toEqual([2, [1, 3], watched + 2 * LANE_LENGTH]);
    expect(me.happenings).toEqual([{ type: "devices-changed", contact: bob.id, forked: false, restored: false }]);
  });

  test("that is older changes nothing; it is reported when the relay showed it, not when a device has not heard of the newest", async () => {
    await know(bob.list(5));
    const older = bob.list(4, [newDevice(p, 9)]);
    await hear(older);
    expect([held(), sessions(), me.happenings]).toEqual([5, [1, 2], []]);
    await me.change(async (tx) => void (await acceptContactList(tx, tx.contacts.get(bob.id)!, older, { fromRelay: true })));
    expect([held(), sessions()]).toEqual([5, [1, 2]]);
    expect(me.happenings).toMatchObject([{ type: "error", error: { code: "identity/rolled-back", details: { known: 5, received: 4 } } }]);
  });

  test("of the same version with other content is a fork: the higher hash holds, whichever came first", async () => {
    const lists = [bob.list(2), bob.list(2, bob.devices.slice(0, 1))].toSorted((a, b) => compareBytes(a.hash, b.hash)) as [
      DeviceList,
      DeviceList,
    ];
    for (const [known, next] of [lists, lists.toReversed() as [DeviceList, DeviceList]]) {
      await know(known);
      await hear(next);
      expect(me.state.contacts.get(bob.id)?.list.hash).toEqual(lists[1].hash);
      expect(me.happenings).toEqual([{ type: "devices-changed", contact: bob.id, forked: true, restored: false }]);
    }
  });

  test("of the same version is asked about each time that another one comes, and once only", async () => {
    const [highest, ...others] = [1, 2, 3, 4]
      .map((issued) => bob.list(2, bob.devices, NOW + issued))
      .toSorted((a, b) => compareBytes(b.hash, a.hash)) as [DeviceList, ...DeviceList[]];
    await know(highest);
    const alarmed: boolean[] = [];
    for (const list of [...others, ...others, highest]) {
      await hear(list);
      const contact = me.state.contacts.get(bob.id) as ContactRecord;
      alarmed.push(trustIn(contact) === "changed");
      await me.change((tx) => tx.changeContact(bob.id, assessment(contact, false)));
    }
    expect(alarmed).toEqual([true, true, true, false, false, false, false]);
  });

  test("of an account that was restored may give a known id to another key, of which nothing is taken for the new one's", async () => {
    await know(bob.list(1), { met: true });
    const again = newDevice(p, 1);
    await hear(bob.list(1001, [again]));
    expect([held(), sessions()]).toEqual([1001, [1]]);
    expect(me.state.sessions.get(sessionName(again.keys.publicKey))).toBeDefined();
    expect(me.state.contacts.get(bob.id)?.bundles).toEqual({});
    expect(trustIn(me.state.contacts.get(bob.id) as ContactRecord)).toBe("changed");
  });

  test("that gives a known id to another key is refused and reported", async () => {
    await know(bob.list(1));
    await hear(bob.list(2, [newDevice(p, 1)]));
    expect([held(), sessions()]).toEqual([1, [1, 2]]);
    expect(me.happenings).toMatchObject([{ type: "error", error: { code: "identity/invalid" } }]);
  });

  test("that was only signed anew is taken and not told", async () => {
    await know(bob.list(1));
    await hear(bob.list(2, bob.devices, NOW));
    expect([held(), me.happenings]).toEqual([2, []]);
  });

  test("without a device ends what was on its way to it, and the message counts as sent", async () => {
    await know(bob.list(1), { met: true });
    const hellos = me.state.outbox.size;
    const message = await me.change((tx) => sendText(tx, conversationWith(bob.id), "hi"));
    expect([hellos, me.state.outbox.size, message.progress]).toEqual([2, 4, { state: "queued", remaining: 2 }]);
    await hear(bob.list(2, bob.devices.slice(0, 1)));
    const cards = 1;
    expect(me.state.outbox.size).toBe(hellos + 1 + cards);
    expect((await me.state.messages.get(message.conversation, message.place))?.progress).toEqual({ state: "queued", remaining: 1 });
  });
});

test("a card of a device that has not heard that it is listed holds under the list that it knows", async () => {
  const other = newDevice(p, 2);
  const card = await me.change(async (tx) => {
    const { account, phrase } = tx.self;
    await signNextList(tx, phrase as Uint8Array, [signDeviceEntry(p, other, account as PublicKey, tx.now)]);
    return encodeCard(ownCard(tx, p.randomBytes(32)));
  });
  const { list, bundles } = verifyCard(p, card, NOW);
  expect([list.entries.map(({ id }) => id), bundles]).toEqual([[2], []]);
});

describe("a contact's device that nobody has begun with", () => {
  test("is asked to begin, and waits for what is written, in order; a message that is for it alone is not sent before its bundle comes", async () => {
    await know(bob.list(1, bob.devices.slice(0, 1)));
    const messages = [];
    for (const text of ["one", "two"]) messages.push(await me.change((tx) => sendText(tx, conversationWith(bob.id), text)));
    const knocks = [...me.state.outbox.values()];
    expect([knocks.map(({ lane }) => lane.kind), me.state.waiting.size]).toEqual([["knock"], 2]);
    expect(messages.map(({ progress }) => progress)).toEqual(Array.from(messages, () => ({ state: "queued", remaining: 1 })));
    await me.change((tx) => introduceToContact(tx, tx.changeContact(bob.id, { bundles: bob.bundles() })));
    const cells = [...me.state.outbox.values()].toSorted((a, b) => a.place - b.place);
    expect(cells.slice(knocks.length).map(({ lane, message }) => [lane.kind, message?.place])).toEqual([
      ["introduction", undefined],
      ["session", messages[0]?.place],
      ["session", messages[1]?.place],
    ]);
    expect(me.state.waiting.size).toBe(0);
  });

  test("that is removed takes what waited for it along", async () => {
    await know(bob.list(1));
    const message = await me.change((tx) => sendText(tx, conversationWith(bob.id), "hi"));
    expect(me.state.waiting.size).toBe(2);
    const newcomer = newDevice(p, 3);
    await hear(bob.list(2, [newcomer]));
    // What waits now is for the device that came instead: the same once more, and a card.
    const waiting = [...me.state.waiting.values()].toSorted((one, other) => one.place - other.place);
    const forNewcomer = { device: sessionName(newcomer.keys.publicKey), message: null };
    expect(waiting).toMatchObject([forNewcomer, forNewcomer]);
    expect(waiting.map(({ plaintext }) => decodeContents(plaintext)[0]?.type)).toEqual(["text", "card"]);
    expect((await me.state.messages.get(message.conversation, message.place))?.progress.state).toBe("sent");
  });

  test("that was never answered for 30 days is waited for again, and keeps nobody from being told", async () => {
    await know(bob.list(1), { met: true });
    me.now = NOW + 31 * DAY_MS;
    const before = me.state.outbox.size;
    await me.change((tx) => sendText(tx, conversationWith(bob.id), "hi"));
    expect([me.state.outbox.size, me.state.waiting.size]).toEqual([before, 2]);
    // The prekeys that are known of them may be gone there by now.
    await me.change((tx) => introduceToContact(tx, tx.contacts.get(bob.id) as ContactRecord));
    expect([me.state.outbox.size, me.state.waiting.size]).toEqual([before, 2]);
    // A card with newer bundles begins anew, and says what waited.
    await me.change((tx) => introduceToContact(tx, tx.changeContact(bob.id, { bundles: bob.bundles(bob.devices, me.now) })));
    expect([me.state.outbox.size, me.state.waiting.size]).toEqual([before + 4, 0]);
  });

  test("keeps no more than is bounded", async () => {
    await know(bob.list(1, bob.devices.slice(0, 1)));
    await me.change((tx) => {
      const session = [...tx.sessions.values()][0] as SessionRecord;
      for (let i = 0; i < MAX_WAITING + 50; i++) keepWaiting(tx, session, Uint8Array.of(i % 256));
    });
    expect(me.state.waiting.size).toBe(MAX_WAITING);
  });
});

test("one list of a contact with many devices causes few cells, however many devices of mine there are", async () => {
  while (bob.devices.length < MAX_DEVICES) bob.devices.push(newDevice(p, bob.devices.length + 1));
  const others = Array.from({ length: MAX_DEVICES - 1 }, (_, i) => newDevice(p, i + 2));
  await me.change(async (tx) => {
    const account = tx.self.account as PublicKey;
    const entries = others.map((device) => signDeviceEntry(p, device, account, NOW));
    tx.changeSelf({ deviceBundles: bundlesOf(account, others, NOW) });
    await signNextList(tx, tx.self.phrase as Uint8Array, [...tx.self.list.entries, ...entries]);
    introduceToOwnDevices(tx);
  });
  await know(bob.list(1), { met: true });
  const before = me.state.outbox.size;
  expect(before).toBe(MAX_DEVICES - 1 + MAX_DEVICES);
  await hear(bob.list(2, bob.devices.slice(1)));
  await me.change((tx) => {
    const [session] = [...tx.sessions.values()].filter(({ account }) => account === bob.id);
    keepInformed(tx, (session as SessionRecord).device);
  });
  // A card to each of theirs, the new key to each of mine.
  expect(me.state.outbox.size).toBe(before + 2 * (MAX_DEVICES - 1));
});

test("a device that came with an alarm gets what was missed only after a yes, even if it asks for a new session", async () => {
  await know(bob.list(1, bob.devices.slice(0, 1)), { met: true });
  await me.change((tx) => sendText(tx, conversationWith(bob.id), "for Bob's phone"));
  const thief = newDevice(p, 9);
  const restored = bob.list(1001, [thief]);
  await hear(restored);
  const device = sessionName(thief.keys.publicKey);
  const isAsked = (): unknown => me.state.repairs.get(device)?.resendAsked !== null && me.state.unacknowledged.get(device) !== undefined;
  expect(isAsked()).toBe(true);
  const address = cellAddress(p, new Secret(p.randomBytes(32)), 0);
  const to = { account: me.state.self.account as PublicKey, device: me.state.self.list.entries[0] as DeviceEntry };
  const bundle = verifyBundleSignature(p, bob.bundles([thief])[9] as Uint8Array, restored);
  const oneTime = { id: 1, key: generateKeyPair(p).publicKey };
  const body = sealRestart(p, address, to, { device: thief, account: bob.account.publicKey }, { issued: NOW, bundle, oneTime });
  expect(await me.change((tx) => receiveRestart(tx, bob.id, address, body))).toBe(true);
  me.now = NOW + 60 * 60 * 1000;
  await me.change(answerWhereDue);
  expect(me.state.repairs.get(device)?.answeredAt).toBe(me.now);
  expect(isAsked()).toBe(true);
});

describe("my own list", () => {
  test("without this device says that it was removed", async () => {
    const entry = signDeviceEntry(p, newDevice(p, 2), me.state.self.list.account, NOW);
    await me.change(async (tx) => await signNextList(tx, tx.self.phrase as Uint8Array, [entry]));
    expect(me.happenings).toEqual([{ type: "device-added", device: "2" }, { type: "removed" }]);
  });

  test("is signed anew after a week, with the same devices, and contacts are told", async () => {
    await know(bob.list(1), { met: true });
    const hellos = me.state.outbox.size;
    me.now = NOW + 6 * DAY_MS;
    await me.change(refreshList);
    expect([me.state.self.list.version, me.state.outbox.size]).toEqual([1, hellos]);
    me.now = NOW + 7 * DAY_MS;
    await me.change(refreshList);
    expect([me.state.self.list.version, me.state.self.list.issued, me.state.outbox.size]).toEqual([2, me.now, hellos + 2]);
    await me.change(refreshList);
    expect(me.state.self.list.version).toBe(2);
  });

  test("from somewhere else is taken only if it is newer", async () => {
    const known = me.state.self.list;
    expect(await me.change(async (tx) => await acceptOwnList(tx, known))).toBe("kept");
  });
});
