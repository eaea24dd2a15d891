// A relay that passes over cells, and has them all the same: what is missing is noticed when a later cell of that session comes, and read.

import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeLiveEvent, encodeLiveEvent } from "@sotto/wire";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { complaints, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** The relay passes over everything that comes to somebody while this runs. */
async function withheldFrom({ network }: Person, doing: () => Promise<unknown>, cells: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = cells;
  network.twist = (frame) => {
    const event = decodeLiveEvent(frame);
    if (event.t !== "cells") return [frame];
    left -= event.cells.length;
    if (left <= 0) resolve();
    return [];
  };
  await doing();
  await promise;
  network.twist = (frame) => [frame];
}

test("a message that was passed over is read when the next one shows the gap", async () => {
  const { alice, aliceChat, bob, bobChat } = await world.pair();
  await withheldFrom(bob, async () => await aliceChat.send("one"), 1);
  await aliceChat.send("two");
  await settle(alice, bob);
  await expect.poll(async () => await texts(bobChat)).toEqual(["one", "two"]);
  expect(complaints(bob)).toEqual(["message/missing"]);
});

test("a message that is passed over once more when the board is read again is read at the next sync", async () => {
  const { alice, aliceChat, bob, bobChat } = await world.pair();
  let place: number | undefined;
  let left = 2;
  bob.network.twist = (frame) => {
    const event = decodeLiveEvent(frame);
    if (event.t !== "cells" || left === 0) return [frame];
    place ??= event.cells[0]?.cursor;
    const others = event.cells.filter(({ cursor }) => cursor !== place);
    if (others.length < event.cells.length) left--;
    return others.length === 0 ? [] : [encodeLiveEvent({ ...event, cells: others })];
  };
  await aliceChat.send("one");
  await aliceChat.send("two");
  await settle(alice);
  await expect.poll(() => left).toBe(0);
  await settle(bob);
  expect(await texts(bobChat)).toEqual(["one", "two"]);
});

test("what is to be read again is known after a restart; a sync reads it at once", async () => {
  const { alice, aliceChat, bob, bobChat } = await world.pair();
  await withheldFrom(bob, async () => await aliceChat.send("one"), 1);
  await aliceChat.send("two");
  await expect.poll(async () => await texts(bobChat)).toEqual(["one", "two"]);
  // Once more within the minute: now it has to wait.
  await withheldFrom(bob, async () => await aliceChat.send("three"), 1);
  await aliceChat.send("four");
  await settle(alice);
  await expect.poll(async () => await texts(bobChat)).toEqual(["one", "two", "four"]);
  world.abandon(bob);
  const again = await world.reopen(bob.storage as MemoryStorage);
  await settle(again);
  await expect.poll(async () => await texts(onlyChat(again))).toEqual(["one", "two", "three", "four"]);
});

test("a message that is read late reaches a device that came after it", async () => {
  const { alice: phone, bob, bobChat } = await world.pair();
  await withheldFrom(phone, async () => await bobChat.send("before the laptop"), 1);
  const laptop = await world.device(phone);
  // By the time that the phone reads it, Bob has said that he knows of the laptop.
  await settle(phone, laptop, bob, phone, laptop);
  await expect.poll(async () => await texts(onlyChat(phone))).toEqual(["before the laptop"]);
  await settle(phone, laptop);
  expect(await texts(onlyChat(laptop))).toEqual(["before the laptop"]);
});

test("a sync that succeeds is no break: the connection says online all the while", async () => {
  const { alice } = await world.pair();
  await alice.client.sync();
  const told: string[] = [];
  alice.client.connection.subscribe(({ state }) => void told.push(state));
  await alice.client.sync();
  expect(told).toEqual(["online"]);
  alice.network.isCut = true;
  await expect(alice.client.sync()).rejects.toMatchObject({ blame: "relay" });
  expect(told.at(-1)).not.toBe("online");
});
