// What an account has at its relays beside cells (its record in the directory, invites, pairing, hand-over), when one of them is gone or lies.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type DeviceList, parseAccountId, verifyDeviceList } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { systemClock } from "../../src/clock.ts";
import { type AppendResult, RelayClient } from "../../src/relay/relay-client.ts";
import { platformTransport } from "../../src/relay/transport.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { hastyClock } from "../support/hasty-clock.ts";
import { complaints, meet, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

const p = nodePrimitives();
let a: World;
let b: World;
beforeEach(async () => void ([a, b] = await Promise.all([World.open(), World.open()])));
afterEach(async () => void (await Promise.all([a.close(), b.close()])));

/** Waiting for a relay takes a tenth of the time. */
const clock = hastyClock(10);
const at = (...worlds: readonly World[]) => ({ clock, relay: worlds.map(({ relay }) => relay) });
const both = () => at(a, b);

/** What a relay's directory says of somebody, as a stranger asks: which one-time prekeys it hands out to three of them. */
async function handedOut(world: World, { client }: Person): Promise<readonly (number | undefined)[]> {
  const relay = new RelayClient({ relay: world.relay, transport: platformTransport, clock: systemClock });
  const account = parseAccountId(p, client.id);
  const records = await Promise.all([1, 2, 3].map(async () => await relay.getRecord(account)));
  return records.map((record) => record?.bundles[0]?.oneTime?.taken);
}

/** The device list that a relay's directory has of somebody. */
async function listAt(world: World, { client }: Person): Promise<DeviceList | undefined> {
  const relay = new RelayClient({ relay: world.relay, transport: platformTransport, clock: systemClock });
  const record = await relay.getRecord(parseAccountId(p, client.id), { peek: true });
  return record === undefined ? undefined : verifyDeviceList(p, record.list);
}

describe("an account of two relays", { timeout: 120_000 }, () => {
  test("is published at both, and only its home hands out one-time prekeys", async () => {
    const alice = await a.person("Alice", both());
    await alice.client.address.publish({ handle: "alice" });
    expect(new Set(await handedOut(a, alice)).size).toBe(3);
    expect(await handedOut(b, alice)).toEqual([undefined, undefined, undefined]);
    // Another home: its bundle is newer than what it held, and the other one gives none any more.
    await alice.client.relays.set([b.relay, a.relay]);
    await settle(alice);
    await expect.poll(async () => (await handedOut(b, alice)).includes(undefined), { timeout: 20_000 }).toBe(false);
    await expect.poll(async () => await handedOut(a, alice), { timeout: 20_000 }).toEqual([undefined, undefined, undefined]);
  });

  test("is restored without a device that was removed, though one of them shows the list before", async () => {
    const alice = await a.person("Alice", both());
    await alice.client.address.publish();
    const lost = await a.device(alice, "link", both());
    await settle(alice, lost, alice);
    const startAgain = await a.stopRelay();
    const [gone] = alice.client.devices.list.get().filter(({ current }) => !current);
    if (gone !== undefined) await alice.client.devices.revoke(gone.id);
    await expect.poll(async () => (await listAt(b, alice))?.entries.length, { timeout: 20_000 }).toBe(1);
    const { words } = await alice.client.recovery.reveal();
    await Promise.all([alice.client.close(), lost.client.close()]);
    await startAgain();
    expect((await listAt(a, alice))?.entries.length).toBe(2);
    // Of the list before, it would be the third; the id of the one that was removed may be given away again.
    const restored = await a.restored(words, both());
    expect(restored.client.devices.list.get()).toHaveLength(2);
    await expect.poll(async () => (await listAt(b, restored))?.entries.length, { timeout: 20_000 }).toBe(2);
  });

  test("is found and asked at the second when the first is gone", async () => {
    const [alice, bob, carol] = [await a.person("Alice", both()), await a.person("Bob", both()), await b.person("Carol", at(b))];
    await alice.client.address.publish({ handle: "alice" });
    await a.stopRelay();
    for (const stranger of [bob, carol]) {
      const chat = await (await stranger.client.address.find("@alice")).conversation();
      await chat.send("hello");
      await settle(stranger, alice);
    }
    const requests = alice.client.contacts.requests.get();
    expect(requests.map(({ from }) => from.name).toSorted()).toEqual(["Bob", "Carol"]);
  });

  test("is published where it can be, and at the other relay when that is back", async () => {
    const alice = await a.person("Alice", both());
    await settle(alice);
    const back = await b.stopRelay();
    await alice.client.address.publish();
    await back();
    alice.client.sync().catch(() => undefined);
    await expect.poll(async () => (await handedOut(b, alice)).length, { timeout: 60_000 }).toBe(3);
  });

  test("gives out invites and adds devices by the second while the first is gone", async () => {
    const alice = await a.person("Alice", both());
    const bob = await b.person("Bob", at(b));
    await settle(alice);
    await a.stopRelay();
    const bobChat = await meet(alice, bob);
    await bobChat.send("before the laptop");
    await settle(bob, alice);
    const laptop = await b.device(alice, "link", both());
    await settle(alice, laptop, bob);
    await bobChat.send("and after");
    await settle(bob, alice, laptop);
    for (const person of [alice, laptop]) expect(await texts(onlyChat(person))).toEqual(["before the laptop", "and after"]);
    expect([alice, laptop, bob].flatMap(complaints)).toEqual([]);
  });

  test("an invite whose relay came back is accepted although the inviter's home is gone by then", async () => {
    const [alice, bob] = [await a.person("Alice", both()), await b.person("Bob", both())];
    await settle(alice);
    const back = await a.stopRelay();
    const { url } = await alice.client.invites.create();
    await back();
    await settle(alice, bob);
    await a.stopRelay();
    const chat = await bob.client.invites.accept(url);
    await settle(bob, alice, bob, alice);
    await chat.send("hello");
    await settle(bob, alice);
    expect(await texts(onlyChat(alice))).toEqual(["hello"]);
  });

  test("lets two in who took the same slot of an invite at two relays", async () => {
    const [alice, bob, carol] = [await a.person("Alice", both()), await a.person("Bob", both()), await b.person("Carol", both())];
    await settle(alice, bob, carol);
    const back = await a.stopRelay();
    const { url } = await alice.client.invites.create({ uses: 2 });
    await back();
    await alice.client.close();
    await settle(bob);
    await bob.client.invites.accept(url);
    await settle(bob);
    const again = await a.stopRelay();
    await carol.client.invites.accept(url);
    await settle(carol);
    await again();
    const reopened = await a.reopen(alice.storage as MemoryStorage, both());
    await settle(reopened, bob, carol, reopened);
    expect(
      reopened.client.contacts.list
        .get()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["Bob", "Carol"]);
    expect(reopened.client.invites.list.get()).toEqual([]);
  });

  test("hears each message once, whatever the second relay repeats, withholds or invents", async () => {
    const { alice, bob, bobChat } = await a.pair({ inviter: both(), accepter: both() });
    await bobChat.send("by the first");
    await settle(bob, alice);
    // The second relay gets every cell that the first has, and cells of its own making.
    const liar = new RelayClient({ relay: b.relay, transport: platformTransport, clock: systemClock });
    const copies: AppendResult[] = [];
    for (const bytes of bob.network.sent.filter(({ length }) => length > 4096 && length < 4400)) {
      const [tag, body] = [bytes.subarray(bytes.length - 4112, bytes.length - 4096), bytes.subarray(bytes.length - 4096)];
      const shard = { bits: 0, prefix: new Uint8Array(8) };
      copies.push(await liar.append({ shard, tag, body }));
      await liar.append({ shard, tag: p.randomBytes(16), body });
    }
    expect(copies.filter((result) => result === "stored").length).toBeGreaterThan(1);
    await settle(alice);
    expect(await texts(onlyChat(alice))).toEqual(["by the first"]);
    await bobChat.send("still there");
    await settle(bob, alice);
    expect(await texts(onlyChat(alice))).toEqual(["by the first", "still there"]);
    expect([alice, bob].flatMap(complaints)).toEqual([]);
  });
});
