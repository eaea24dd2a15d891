// A device that is lost, and removed from another one: everybody hears of it, and what is written afterwards it can neither read nor tell from
// what is for others.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellAddress, type PublicKey, requestStream, Secret } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { Device } from "../../src/api.ts";
import { hex } from "../../src/engine/hex.ts";
import { watchEverything } from "../../src/engine/lanes.ts";
import { State } from "../../src/engine/state.ts";
import { Writer } from "../../src/engine/transaction.ts";
import { LANE_LENGTH } from "../../src/limits.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import { complaints, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

const p = nodePrimitives();

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

async function household(): Promise<{ phone: Person; laptop: Person; bob: Person; words: readonly string[] }> {
  const { alice: phone, bob } = await world.pair();
  const laptop = await world.device(phone, "link", { deviceName: "Laptop" });
  await settle(phone, laptop, bob, laptop, phone, bob);
  return { phone, laptop, bob, words: (await phone.client.recovery.reveal()).words };
}

const deviceOf = ({ client }: Person, current: boolean): Device =>
  client.devices.list.get().find((one) => one.current === current) as Device;
const other = (person: Person): Device => deviceOf(person, false);
const names = ({ client }: Person): readonly string[] => client.devices.list.get().map(({ name }) => name);

describe("a device that is removed", { timeout: 60_000 }, () => {
  test("from the device with the words stops, and the others go on without it", async () => {
    const { phone, laptop, bob } = await household();
    const changes: boolean[] = [];
    bob.client.on("devices-changed", ({ forked }) => changes.push(forked));
    await phone.client.devices.revoke(other(phone).id);
    await settle(phone, bob, phone, bob);
    expect(names(phone)).toEqual(["Test device"]);
    expect(changes).toEqual([false]);
    await expect.poll(() => laptop.client.connection.get()).toEqual({ state: "blocked", reason: "removed" });
    await onlyChat(bob).send("only for the phone");
    await settle(bob, phone, bob);
    expect(await texts(onlyChat(phone))).toEqual(["only for the phone"]);
    expect(await texts(onlyChat(laptop))).toEqual([]);
    await expect(onlyChat(laptop).send("from nowhere")).rejects.toMatchObject({ code: "device/removed" });
    expect([complaints(phone), complaints(bob)]).toEqual([[], []]);
    const again = await world.reopen(laptop.storage as MemoryStorage);
    expect(again.client.connection.get()).toEqual({ state: "blocked", reason: "removed" });
    await expect(again.client.sync()).rejects.toMatchObject({ code: "device/removed" });
    const words = (await phone.client.recovery.reveal()).words.join(" ");
    const fromNowhere = [
      onlyChat(again).send("from nowhere"),
      again.client.relays.set(["http://other.test"]),
      again.client.devices.revoke(deviceOf(phone, true).id, { phrase: words }),
    ];
    for (const attempt of fromNowhere) await expect(attempt).rejects.toMatchObject({ code: "device/removed" });
  });

  test("by a linked device needs the words, and those of this account", async () => {
    const { phone, laptop, bob, words } = await household();
    const lost = other(laptop).id;
    await expect(laptop.client.devices.revoke(lost)).rejects.toMatchObject({ code: "device/not-root" });
    const { words: foreign } = await bob.client.recovery.reveal();
    await expect(laptop.client.devices.revoke(lost, { phrase: foreign.join(" ") })).rejects.toMatchObject({ code: "phrase/other-account" });
    await expect(laptop.client.devices.revoke(lost, { phrase: words.with(0, "abandonn").join(" ") })).rejects.toMatchObject({
      code: "phrase/bad-word",
    });
    await expect(phone.client.devices.revoke(deviceOf(phone, true).id)).rejects.toMatchObject({ code: "argument/invalid" });
    await expect(phone.client.devices.revoke("99" as never)).rejects.toMatchObject({ code: "argument/invalid" });
    expect(names(laptop)).toHaveLength(2);

    await laptop.client.devices.revoke(lost, { phrase: words.join(" ") });
    await settle(laptop, bob, laptop, bob);
    expect(names(laptop)).toEqual(["Laptop"]);
    await onlyChat(laptop).send("my phone was stolen");
    await onlyChat(bob).send("good that you say so");
    await settle(laptop, bob, laptop);
    expect(await texts(onlyChat(bob))).toHaveLength(2);
    expect(await texts(onlyChat(bob))).toEqual(await texts(onlyChat(laptop)));
    // The words were not kept.
    expect(laptop.client.recovery.status.get()).toBe("linked");
    await expect.poll(() => phone.client.connection.get().state).toBe("blocked");
  });

  test("recognises nothing of what comes later, not even who introduces a new device", async () => {
    const { phone, laptop, bob } = await household();
    // The thief has everything that the laptop had, and keeps it.
    laptop.network.cut();
    const thief = await stolen(laptop);
    await phone.client.devices.revoke(other(phone).id);
    await settle(phone, bob, phone, bob, phone, bob);

    const written: Uint8Array[] = [];
    const record = ({ pathname }: URL, { body }: RequestInit): void => {
      if (pathname === "/v1/cells") written.push(body as Uint8Array);
    };
    for (const { network } of [phone, bob]) network.answered = record;
    const tablet = await world.device(phone, "link", { deviceName: "Tablet" });
    tablet.network.answered = record;
    const desk = await world.device(bob, "link", { deviceName: "Desk" });
    desk.network.answered = record;
    const everybody = [phone, tablet, bob, desk];
    await settle(...everybody, ...everybody, ...everybody);
    for (const person of everybody) await onlyChat(person).send("hello");
    await settle(...everybody, ...everybody);
    for (const person of everybody) expect(await texts(onlyChat(person))).toEqual(["hello", "hello", "hello", "hello"]);

    // The keys of devices are in the cards that everybody gets; here they are the newest.
    const devices = (await Promise.all([phone, bob].map(async (person) => await stolen(person)))).flatMap(({ lists }) => lists);
    const recognised = thief.tags(devices);
    expect(written.length).toBeGreaterThan(10);
    const seen = written.map((body) => hex(body.subarray(0, 64)));
    expect(seen.filter((cell) => recognised.some((tag) => cell.includes(tag)))).toEqual([]);
    // The same look finds what it is to find while a device is not removed.
    const insider = (await stolen(tablet)).tags(devices);
    expect(seen.filter((cell) => insider.some((tag) => cell.includes(tag))).length).toBeGreaterThan(2);
  });

  test("while nobody can reach the relay is removed all the same, once they can", async () => {
    const { phone, laptop, bob } = await household();
    phone.network.cut();
    await phone.client.devices.revoke(other(phone).id);
    await onlyChat(bob).send("too early to know");
    await settle(bob, laptop);
    expect(await texts(onlyChat(laptop))).toEqual(["too early to know"]);
    phone.network.heal();
    await settle(phone, bob, phone, bob);
    await onlyChat(bob).send("and now");
    await settle(bob, phone);
    expect(await texts(onlyChat(phone))).toEqual(["too early to know", "and now"]);
    expect(await texts(onlyChat(laptop))).toEqual(["too early to know"]);
  });

  test("and a newer one that was linked meanwhile do not get into each other's way", async () => {
    const { phone, laptop, bob } = await household();
    const tablet = await world.device(phone, "link", { deviceName: "Tablet", alone: true });
    await phone.client.devices.revoke(phone.client.devices.list.get().find(({ name }) => name === "Laptop")?.id as never);
    await settle(phone, tablet, phone, tablet, bob, tablet, phone, bob);
    expect(names(tablet)).toEqual(["Test device", "Tablet"]);
    await onlyChat(tablet).send("from the tablet");
    await settle(tablet, bob, phone);
    for (const person of [tablet, bob, phone]) expect(await texts(onlyChat(person))).toEqual(["from the tablet"]);
    expect(await texts(onlyChat(laptop))).toEqual([]);
  });
});

test("of two removals at once none is lost: who has the words repeats theirs by itself", { timeout: 60_000 }, async () => {
  const { phone, laptop, bob } = await household();
  const tablet = await world.device(phone, "transfer", { deviceName: "Tablet" });
  const [old, older] = [
    await world.device(phone, "link", { deviceName: "Old" }),
    await world.device(phone, "link", { deviceName: "Older" }),
  ];
  await settle(phone, laptop, tablet, old, older, bob, phone, laptop, tablet);
  const idOf = (name: string): Device["id"] => phone.client.devices.list.get().find((one) => one.name === name)?.id as Device["id"];
  for (const person of [phone, tablet]) person.network.cut();
  const [first, second] = [idOf("Old"), idOf("Older")];
  await phone.client.devices.revoke(first);
  await tablet.client.devices.revoke(second);
  for (const person of [phone, tablet]) person.network.heal();
  await settle(phone, tablet, phone, tablet, laptop, bob, phone, tablet, laptop, bob);
  for (const person of [phone, tablet, laptop]) expect(names(person)).toEqual(["Test device", "Laptop", "Tablet"]);
  await onlyChat(bob).send("who is there?");
  await settle(bob, phone, tablet, laptop);
  for (const person of [phone, tablet, laptop]) expect(await texts(onlyChat(person))).toEqual(["who is there?"]);
  for (const person of [old, older]) expect(await texts(onlyChat(person))).toEqual([]);
});

test("a restored device finds one that was linked after another one had been removed", { timeout: 60_000 }, async () => {
  const { phone, bob, words } = await household();
  await phone.client.devices.revoke(other(phone).id);
  const tablet = await world.device(phone, "link", { deviceName: "Tablet" });
  await settle(phone, tablet, bob, phone, tablet);
  await tablet.client.address.publish();
  phone.network.cut();
  const restored = await world.restored(words, { deviceName: "New phone" });
  await settle(restored, tablet, restored, bob, tablet, restored);
  for (const person of [tablet, restored]) expect(names(person)).toEqual(["Test device", "Tablet", "New phone"]);
  expect(restored.client.profile.get().name).toBe("Alice");
  await restored.client.devices.revoke(restored.client.devices.list.get()[0]?.id as never);
  await settle(restored, tablet, bob, restored, tablet, bob);
  expect(names(tablet)).toEqual(["Tablet", "New phone"]);
  await onlyChat(restored).send("we are whole again");
  await settle(restored, tablet, bob);
  for (const person of [restored, tablet, bob]) expect((await texts(onlyChat(person))).at(-1)).toBe("we are whole again");
});

test("a device's name is the same on all devices, the last one that was given", { timeout: 60_000 }, async () => {
  const { phone, laptop } = await household();
  const [first, second] = phone.client.devices.list.get() as [Device, Device];
  for (const person of [phone, laptop]) person.network.cut();
  await phone.client.devices.rename(second.id, "Old laptop");
  await laptop.client.devices.rename(first.id, "Phone");
  await laptop.client.devices.rename(second.id, "Laptop at work");
  for (const person of [phone, laptop]) person.network.heal();
  await settle(phone, laptop, phone, laptop);
  for (const person of [phone, laptop]) expect(names(person)).toEqual(["Phone", "Laptop at work"]);
  await expect(phone.client.devices.rename("99" as never, "Nothing")).rejects.toMatchObject({ code: "argument/invalid" });
  await expect(phone.client.devices.rename(first.id, "\u202Etricks")).rejects.toMatchObject({ code: "argument/invalid" });
});

/** A device's whole state, in other hands: every tag that it allows to recognise. */
async function stolen(person: Person): Promise<{ lists: readonly PublicKey[]; tags(devices: readonly PublicKey[]): readonly string[] }> {
  const { storage } = person;
  await person.client.close();
  const state = await State.load(await SealedStore.open((storage as MemoryStorage).reopen(), p), p);
  const writer = new Writer(
    state,
    p,
    () => Date.now(),
    () => undefined,
  );
  const watched: string[] = [];
  await writer.change((tx) => {
    const { tags } = tx;
    const watch = tags.watch.bind(tags);
    tags.watch = (tag, target) => (watched.push(hex(tag)), watch(tag, target));
    watchEverything(tx);
  });
  const contacts = [...state.contacts.values()];
  const accounts = [
    { account: state.self.account as PublicKey, keys: [state.self.requestKey, ...state.self.formerKeys.map(({ key }) => key)] },
    ...contacts.flatMap(({ account, ourRequestKey, theirRequestKey, formerKeys }) => {
      const keys = [ourRequestKey, theirRequestKey, ...formerKeys.map(({ key }) => key)].filter((key) => key !== null);
      return [account, state.self.account].map((sender) => ({ account: sender as PublicKey, keys }));
    }),
  ];
  return {
    lists: [...state.self.list.entries, ...contacts.flatMap(({ list }) => list.entries)].map(({ key }) => key),
    tags(devices) {
      const lanes = accounts.flatMap(({ account, keys }) =>
        keys.flatMap((key) => devices.map((device) => requestStream(p, new Secret(key), account, device))),
      );
      const indices = Array.from({ length: LANE_LENGTH }, (_, index) => index);
      const onLanes = lanes.flatMap((root) => indices.map((index) => hex(cellAddress(p, root, index).tag)));
      return [...onLanes, ...watched];
    },
  };
}
