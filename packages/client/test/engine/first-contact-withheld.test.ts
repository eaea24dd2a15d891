// First contacts that a relay passes over and has all the same: no session misses them, so they are found when what was read is looked over by
// its tags. Each kind of them, passed over once.

import { afterAll, beforeAll, expect, test } from "vitest";
import { randomBytes } from "node:crypto";
import {
  type AppendRecord,
  CELLS_PATH,
  decodeAppend,
  decodeLiveEvent,
  encodeAppend,
  encodeLiveEvent,
  encodePinnedTags,
  WHOLE_BOARD,
} from "@sotto/wire";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { loseTable } from "../support/lost-sessions.ts";
import { TestNetwork } from "../support/network.ts";
import { onlyChat, type Person, settle, texts, World } from "../support/world.ts";

const MINUTE_MS = 60_000;
const clock = new VirtualClock(Date.UTC(2026, 0, 1));
let world: World;
beforeAll(async () => void (world = await World.inMemory(() => clock.now())));
afterAll(async () => await world.close());

const person = async (name: string): Promise<Person> => await world.person(name, { clock });

/** What one writes to boards from now on, the other is not given: the function returned waits until it would have been, and the reading is past it. */
function passOver(from: TestNetwork, to: TestNetwork): (reader: Person) => Promise<void> {
  const withheld = new Set<string>();
  const { promise: came, resolve } = Promise.withResolvers<void>();
  from.before = async ({ pathname }, { body }) => {
    if (pathname !== "/v1/cells") return;
    for (const { shard, tag } of decodeAppend(body as Uint8Array)) if (shard.bits === 0) withheld.add(tag.join());
  };
  to.twist = (frame) => {
    const event = decodeLiveEvent(frame);
    if (event.t !== "cells") return [frame];
    const cells = event.cells.filter(({ tag }) => !withheld.has(tag.join()));
    if (cells.length < event.cells.length) resolve();
    return cells.length === 0 ? [] : [encodeLiveEvent({ ...event, cells })];
  };
  return async (reader) => {
    await came;
    await append({ shard: WHOLE_BOARD, tag: randomBytes(16), body: randomBytes(4096) });
    await settle(reader);
    from.before = undefined;
    to.twist = (frame) => [frame];
  };
}

/** A cell of somebody else. */
async function append(record: AppendRecord): Promise<void> {
  const cells = { method: "POST", body: encodeAppend([record]) as Uint8Array<ArrayBuffer> };
  expect((await new TestNetwork().fetch(`${world.relay}${CELLS_PATH}`, cells)).ok).toBe(true);
}

/** Half an hour and more goes by, and everybody does what is due in it. */
async function later(...people: readonly Person[]): Promise<void> {
  for (let minute = 0; minute < 40; minute++) await clock.advance(MINUTE_MS);
  await settle(...people, ...people);
}

test("a claim of an invite", async () => {
  const [alice, bob] = [await person("Alice"), await person("Bob")];
  const { url } = await alice.client.invites.create();
  const serve = passOver(bob.network, alice.network);
  await (await bob.client.invites.accept(url)).send("I have your invite");
  await serve(alice);
  await settle(bob, alice);
  expect(alice.client.contacts.list.get()).toEqual([]);
  await later(alice, bob);
  await expect.poll(async () => await texts(onlyChat(alice))).toEqual(["I have your invite"]);
});

test("a stranger at the public address", async () => {
  const [alice, bob] = [await person("Alice"), await person("Bob")];
  await alice.client.address.publish({ handle: "alice" });
  const serve = passOver(bob.network, alice.network);
  await (await (await bob.client.address.find("@alice")).conversation()).send("I am Bob");
  await settle(bob);
  await serve(alice);
  expect(alice.client.contacts.requests.get()).toEqual([]);
  await later(alice, bob);
  await expect.poll(() => alice.client.contacts.requests.get().length).toBe(1);
});

test("a new device that introduces itself", async () => {
  const { alice, bob, bobChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
  const network = new TestNetwork();
  const serve = passOver(network, bob.network);
  const laptop = await world.device(alice, "link", { clock, network });
  await settle(laptop);
  await serve(bob);
  await alice.client.close();
  await later(bob, laptop);
  await bobChat.send("to whom it concerns");
  await settle(bob, laptop);
  await expect.poll(async () => await texts(onlyChat(laptop))).toEqual(["to whom it concerns"]);
});

test("a new device that joins", async () => {
  const phone = await person("Alice");
  // The phone's network dies when the hand-over is on the board: it does not hear the join.
  let left = false;
  phone.network.answered = ({ pathname }, { method }) => {
    if (left && pathname === CELLS_PATH) phone.network.cut();
    if (pathname.startsWith("/v1/blobs/") && method === "PUT") left = true;
  };
  const [laptops, phones] = [new TestNetwork(), new TestNetwork()];
  const serve = passOver(laptops, phones);
  const laptop = await world.device(phone, "link", { alone: true, clock, network: laptops });
  await settle(laptop);
  world.abandon(phone);
  const again = await world.reopen(phone.storage as MemoryStorage, { clock, network: phones });
  await serve(again);
  await settle(again);
  expect(again.client.devices.list.get()).toHaveLength(1);
  await later(again, laptop);
  await expect.poll(() => again.client.devices.list.get().length).toBe(2);
});

test("a device that lost its session and asks for another", async () => {
  const { alice, bob, bobChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
  await loseTable(alice);
  await bobChat.send("missed");
  await settle(bob);
  const network = new TestNetwork();
  const serve = passOver(network, bob.network);
  const back = await world.reopen(alice.storage as MemoryStorage, { clock, network });
  await settle(back);
  await serve(bob);
  await later(bob, back);
  await later(bob, back);
  await expect.poll(async () => await texts(onlyChat(back))).toContain("missed");
});

test("what is never served is asked for three times, and then no more", async () => {
  const [alice, bob] = [await person("Alice"), await person("Bob")];
  const { url } = await alice.client.invites.create();
  passOver(bob.network, alice.network);
  await bob.client.invites.accept(url);
  let subscribed = 0;
  const { twist } = alice.network;
  alice.network.twist = (frame) => {
    if (decodeLiveEvent(frame).t === "subscribed") subscribed++;
    return twist(frame);
  };
  for (let hour = 0; hour < 3; hour++) await later(bob);
  expect(subscribed).toBe(3);
});

test("a relay that makes up cursors of cells that are there makes nobody stop", async () => {
  const [alice, bob] = [await person("Alice"), await person("Bob")];
  const { url } = await alice.client.invites.create();
  alice.network.intercept = ({ search }) =>
    search === "?tags" ? new Response(encodePinnedTags([{ cursor: 0, tag: new Uint8Array(16) }]) as Uint8Array<ArrayBuffer>) : undefined;
  await later(alice);
  await (await bob.client.invites.accept(url)).send("still here?");
  await settle(bob, alice);
  await expect.poll(async () => await texts(onlyChat(alice))).toEqual(["still here?"]);
});
