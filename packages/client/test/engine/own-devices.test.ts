// What a person sees is the same on all of their devices: what was read, what is being written, how people and conversations are called and
// listed, whatever was done where, and in whatever order the devices hear of it.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client, Contact, Conversation } from "../../src/api.ts";
import { accountDigest } from "../../src/testing/account-digest.ts";
import { Chance } from "../../src/testing/chance.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { complaints, meet, onlyChat, type Person, settle, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

async function household(): Promise<{ phone: Person; laptop: Person; bob: Person }> {
  const { alice: phone, bob } = await world.pair();
  const laptop = await world.device(phone, "link", { deviceName: "Laptop" });
  await settle(phone, laptop, bob, laptop, phone);
  return { phone, laptop, bob };
}

const unread = (person: Person): number => onlyChat(person).state.get().unread;

describe("what was read", { timeout: 60_000 }, () => {
  test("on one device is read on the other, message by message", async () => {
    const { phone, laptop, bob } = await household();
    for (const text of ["one", "two", "three"]) await onlyChat(bob).send(text);
    await settle(bob, phone, laptop);
    expect([unread(phone), unread(laptop)]).toEqual([3, 3]);
    const [, two] = (await onlyChat(phone).history()).items;
    await onlyChat(phone).markRead(two);
    await settle(phone, laptop);
    expect([unread(phone), unread(laptop)]).toEqual([1, 1]);
    const around = await onlyChat(laptop).history({ around: "unread", limit: 1 });
    expect(around.items.map(({ text }) => text)).toEqual(["three"]);
    await onlyChat(laptop).markRead(around.items);
    await settle(laptop, phone);
    expect([unread(phone), unread(laptop)]).toEqual([0, 0]);
    expect((await onlyChat(phone).history({ around: "unread", limit: 1 })).items.map(({ text }) => text)).toEqual(["three"]);
  });

  test("is read although the message comes later, and a late message is unread wherever it stands", async () => {
    const { phone, laptop, bob } = await household();
    laptop.network.cut();
    await onlyChat(bob).send("hello");
    await settle(bob, phone);
    await onlyChat(phone).markRead();
    await settle(phone);
    // The laptop was away while both were pinned: the message, and that it was read.
    laptop.network.heal();
    await settle(laptop);
    expect([unread(phone), unread(laptop)]).toEqual([0, 0]);
    bob.network.cut();
    await onlyChat(bob).send("written before, sent after");
    for (const text of ["a", "b", "c"]) await onlyChat(phone).send(text);
    await onlyChat(phone).markRead();
    bob.network.heal();
    await settle(phone, bob, phone, laptop);
    expect((await onlyChat(phone).history()).items.map(({ text }) => text)).toContain("written before, sent after");
    expect((await onlyChat(phone).history()).items.at(-1)?.text).toBe("c");
    expect([unread(phone), unread(laptop)]).toEqual([1, 1]);
  });

  test("before a device was linked is read there, and the rest is not", async () => {
    const { alice: phone, bob } = await world.pair();
    for (const text of ["one", "two"]) await onlyChat(bob).send(text);
    await settle(bob, phone);
    await onlyChat(phone).markRead((await onlyChat(phone).history()).items[0]);
    await onlyChat(phone).setDraft("not yet said");
    await onlyChat(phone).update({ pinned: true, muted: true });
    const laptop = await world.device(phone);
    await settle(phone, laptop, bob, phone, laptop);
    expect(await accountDigest(laptop.client)).toEqual(await accountDigest(phone.client));
    expect(onlyChat(laptop).state.get()).toMatchObject({ unread: 1, draft: "not yet said", pinned: true, muted: true });
  });
});

describe("a draft", { timeout: 60_000 }, () => {
  test("goes on where it was left, and is gone once it was sent", async () => {
    const { phone, laptop, bob } = await household();
    await onlyChat(phone).setDraft("See you at");
    await settle(phone, laptop);
    expect(onlyChat(laptop).state.get().draft).toBe("See you at");
    await onlyChat(laptop).setDraft("See you at eight");
    await onlyChat(laptop).send("See you at eight");
    await settle(laptop, phone, bob);
    expect([phone, laptop, bob].map((person) => onlyChat(person).state.get().draft)).toEqual(["", "", ""]);
    await expect(onlyChat(phone).setDraft("x".repeat(3_501))).rejects.toMatchObject({ code: "message/too-large" });
  });

  test("survives a crash", async () => {
    const { phone } = await household();
    await onlyChat(phone).setDraft("half a sent");
    world.abandon(phone);
    expect(onlyChat(await world.reopen(phone.storage as MemoryStorage)).state.get().draft).toBe("half a sent");
  });
});

test("a conversation is muted until its time has come", { timeout: 60_000 }, async () => {
  const { phone } = await household();
  await onlyChat(phone).update({ muted: new Date(Date.now() + 60_000) });
  expect(onlyChat(phone).state.get().muted).toBe(true);
  await onlyChat(phone).update({ muted: new Date(Date.now() - 1) });
  expect(onlyChat(phone).state.get().muted).toBe(false);
});

/** What people do to their account, each with a text that says which of all it was. */
const acts: readonly ((client: Client, chat: Conversation, contact: Contact, text: string) => Promise<unknown>)[] = [
  async (_client, chat, _contact, text) => await chat.setDraft(text),
  async (_client, chat, _contact, text) => await chat.send(text),
  async (_client, chat) => await chat.markRead(),
  async (_client, chat) => await chat.markRead((await chat.history({ around: "unread", limit: 1 })).items[0]),
  async (_client, chat, _contact, text) => await chat.update({ pinned: text.length % 2 === 0 }),
  async (_client, chat, _contact, text) => await chat.update({ archived: text.endsWith("1"), muted: text.endsWith("2") }),
  async (_client, _chat, contact, text) => await contact.rename(text),
  async (_client, _chat, contact, text) => await contact.setVerified(text.endsWith("3")),
  async (client, _chat, _contact, text) => await client.updateProfile({ name: text }),
  async (client, _chat, _contact, text) => await client.devices.rename(client.devices.list.get()[0]?.id as never, text),
  async (client) => await (await client.conversations.notes()).send("note"),
];

for (const seed of [1, 2, 3]) {
  test(`whatever is done on which device, all end alike (seed ${seed})`, { timeout: 120_000 }, async () => {
    const random = new Chance(seed);
    const chance = (): number => random.next();
    const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;
    const { phone, laptop, bob } = await household();
    const tablet = await world.device(phone, "link", { deviceName: "Tablet" });
    await settle(phone, laptop, tablet, bob, laptop, tablet, phone);
    await meet(laptop, await world.person("Carol"));
    await settle(phone, laptop, tablet, phone, laptop, tablet);
    const mine = [phone, laptop, tablet];
    for (let step = 0; step < 60; step++) {
      const dice = chance();
      const person = pick(mine);
      if (dice < 0.1) person.network.cut();
      else if (dice < 0.25) person.network.heal();
      else if (dice < 0.35) await onlyChat(bob).send(`bob ${step}`);
      else {
        const contact = pick(person.client.contacts.list.get());
        await pick(acts)(person.client, await contact.conversation(), contact, `act ${step}`);
      }
    }
    for (const { network } of mine) network.heal();
    await settle(bob, ...mine, ...mine, ...mine);
    const [first, ...others] = await Promise.all(mine.map(async ({ client }) => await accountDigest(client)));
    for (const digest of others) expect(digest).toEqual(first);
    expect(first?.conversations.flatMap(({ messages }) => messages).length).toBeGreaterThan(5);
    expect(mine.flatMap(complaints)).toEqual([]);
    // A digest that shows no difference where there is one would be of no use.
    await onlyChat(phone).setDraft("only here");
    phone.network.cut();
    expect(await accountDigest(phone.client)).not.toEqual(first);
  });
}
