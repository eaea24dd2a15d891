// Stories about backups: everything lost but the 24 words and a backup; an old backup; a backup that is somebody else's.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Cursor, Device } from "../../src/api.ts";
import { memory, type MemoryStorage } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { complaints, messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

const DAY = 24 * 60 * 60 * 1000;

/** The bytes of a person's backup. */
async function fileOf({ client }: Person): Promise<Blob> {
  return await new Response(client.backups.export()).blob();
}

async function wordsOf({ client }: Person): Promise<readonly string[]> {
  return (await client.recovery.reveal()).words;
}

/** A file as it may come over a network. */
async function inPieces(file: Blob): Promise<ReadableStream<Uint8Array>> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += 10_000)));
      else controller.close();
    },
  });
}

const lose = async ({ client }: Person): Promise<void> => await client.erase({ confirm: client.id });

test("all devices are lost: account, contacts and history come back from words and a backup, and both go on writing", async () => {
  const { alice, bob, aliceChat, bobChat } = await world.pair();
  await aliceChat.contact?.rename("Bobby");
  await aliceChat.contact?.setVerified(true);
  for (const text of ["one", "two"]) await aliceChat.send(text);
  await settle(alice, bob);
  await bobChat.send("three");
  await settle(bob, alice);
  const [backup, words] = [await fileOf(alice), await wordsOf(alice)];
  await lose(alice);

  const again = await world.restored(words, { backup });
  expect(again.client.id).toBe(alice.client.id);
  expect(again.client.profile.get().name).toBe("Alice");
  const chat = onlyChat(again);
  expect(await texts(chat)).toEqual(["one", "two", "three"]);
  expect((await messagesOf(chat)).map(({ mine }) => mine)).toEqual([true, true, false]);
  expect(chat.state.get()).toMatchObject({ name: "Bobby", trust: "verified", unread: 0, phase: "open" });

  await settle(again, bob, again);
  await bobChat.send("are you back?");
  await settle(bob, again);
  await chat.send("yes");
  await settle(again, bob);
  expect(await texts(chat)).toEqual(["one", "two", "three", "are you back?", "yes"]);
  expect(await texts(bobChat)).toEqual(await texts(chat));
  expect([...complaints(again), ...complaints(bob)]).toEqual([]);
});

test.each([
  ["is believed of a device that is listed", "listed", "verified"],
  ["is believed of one that became another one", "renewed", "verified"],
  ["is not believed of one that was removed", "removed", "unverified"],
] as const)("what a backup says that a person decided %s", async (_, fate, trust) => {
  const { alice: phone, bob, aliceChat, bobChat } = await world.pair();
  const laptop = await world.device(phone);
  await settle(phone, laptop, bob, laptop, phone);
  await aliceChat.contact?.setVerified(true);
  await bobChat.send("hello");
  await settle(bob, phone, laptop);
  const words = await wordsOf(phone);
  if (fate === "renewed") await laptop.client.recovery.renewDevice({ phrase: words.join(" ") });
  await settle(laptop, phone);
  const backup = await fileOf(laptop);
  const { id } = phone.client.devices.list.get().find(({ current }) => !current) as Device;
  if (fate === "removed") await phone.client.devices.revoke(id);
  await phone.client.address.publish();
  const chat = onlyChat(await world.restored(words, { backup }));
  expect(await texts(chat)).toEqual(["hello"]);
  expect(chat.state.get().trust).toBe(trust);
});

test("restored while the old phone still lives: both go on as two devices of one account", async () => {
  const { alice, bob, aliceChat, bobChat } = await world.pair();
  await alice.client.address.publish();
  await aliceChat.send("before");
  await settle(alice, bob);
  const second = await world.restored(await wordsOf(alice), { backup: await fileOf(alice) });
  await settle(second, alice, bob, second, alice);
  expect(alice.client.devices.list.get()).toHaveLength(2);
  await bobChat.send("to both");
  await settle(bob, alice, second);
  await onlyChat(second).send("from the second");
  await settle(second, alice, bob);
  for (const chat of [aliceChat, bobChat, onlyChat(second)]) expect(await texts(chat)).toEqual(["before", "to both", "from the second"]);
  expect([alice, bob, second].flatMap(complaints)).toEqual([]);
});

test("a backup of another account, a damaged one and what is none are refused before anything is made", async () => {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const [words, own, other] = [await wordsOf(alice), await fileOf(alice), await fileOf(bob)];
  const storage = memory();
  const refused = async (backup: Blob): Promise<unknown> =>
    await world.restored(words, { backup, storage }).catch((error: unknown) => (error as { code: string }).code);
  expect(await refused(other)).toBe("backup/wrong-key");
  expect(await refused(own.slice(0, 10_000))).toBe("backup/damaged");
  expect(await refused(new Blob([new Uint8Array(300_000)]))).toBe("backup/damaged");
  expect(await SealedStore.peek(storage)).toBeUndefined();
  await expect(alice.client.backups.import(other)).rejects.toMatchObject({ code: "backup/wrong-key" });
  const others = (await wordsOf(bob)).join(" ");
  await expect(alice.client.backups.import(own, { phrase: others })).rejects.toMatchObject({ code: "phrase/other-account" });
});

test("importing tells nobody, comes once however often it is done, and completes what was broken off", async () => {
  const { alice, bob, aliceChat, bobChat } = await world.pair();
  for (let i = 0; i < 30; i++) await bobChat.send(`${i} ${"x".repeat(3_000)}`);
  await settle(bob, alice);
  const [backup, words, all] = [await fileOf(alice), await wordsOf(alice), await texts(aliceChat)];
  const again = await world.restored(words);
  const heard: string[] = [];
  again.client.on("message", ({ text }) => heard.push(text));
  const streamed = again.client.messages({ after: "0" as Cursor, self: true });

  const broken = new AbortController();
  const onProgress = ({ done }: { done: number }): void => (done > 100_000 ? broken.abort() : undefined);
  const cancelled = again.client.backups.import(await inPieces(backup), { signal: broken.signal, onProgress });
  await expect(cancelled).rejects.toMatchObject({ code: "aborted" });
  await expect(again.client.backups.import(backup.slice(0, -70_000))).rejects.toMatchObject({ code: "backup/damaged" });
  const { messages } = await again.client.backups.import(backup.stream());
  expect(messages).toBeLessThan(30);
  expect(await again.client.backups.import(backup)).toEqual({ messages: 0 });
  expect(await texts(onlyChat(again))).toEqual(all);

  await settle(again, bob, again);
  await bobChat.send("new");
  await settle(bob, again);
  expect((await streamed.next()).value?.text).toBe("new");
  expect(heard).toEqual(["new"]);
  expect(onlyChat(again).state.get().unread).toBe(1);
});

test("an old backup brings back what is missing and overrides nothing that is newer", async () => {
  const { alice, bob, aliceChat, bobChat } = await world.pair();
  await bobChat.send("old");
  await settle(bob, alice);
  await aliceChat.contact?.rename("Old name");
  const backup = await fileOf(alice);
  await aliceChat.contact?.rename("New name");
  await alice.client.updateProfile({ name: "Alice II" });
  await bob.client.updateProfile({ name: "Bob II" });
  await bobChat.send("newer");
  await settle(bob, alice);
  expect(await alice.client.backups.import(backup)).toEqual({ messages: 0 });
  expect(aliceChat.state.get()).toMatchObject({ name: "New name", lastMessage: { text: "newer" } });
  expect(alice.client.profile.get().name).toBe("Alice II");
  await aliceChat.send("still here");
  await settle(alice, bob);
  expect(await texts(bobChat)).toEqual(["old", "newer", "still here"]);
});

test("a linked device makes backups that only the words open", async () => {
  const alice = await world.person("Alice");
  const laptop = await world.device(alice);
  await settle(alice, laptop);
  await (await laptop.client.conversations.notes()).send("a note");
  await settle(laptop, alice);
  const [backup, words] = [await fileOf(laptop), await wordsOf(alice)];
  await expect(laptop.client.backups.import(backup)).rejects.toMatchObject({ code: "recovery/not-here" });
  expect(await laptop.client.backups.import(backup, { phrase: words.join(" ") })).toEqual({ messages: 0 });
  const again = await world.restored(words, { backup });
  expect(await texts(onlyChat(again))).toEqual(["a note"]);
});

test("a backup is as it was when it was begun, whatever happens while it is read", async () => {
  const alice = await world.person("Alice");
  const notes = await alice.client.conversations.notes();
  for (let i = 0; i < 40; i++) await notes.send(`${i} ${"x".repeat(3_000)}`);
  const reader = alice.client.backups.export().getReader();
  const parts: Uint8Array[] = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parts.push(piece.value);
    await notes.send("later");
  }
  const again = await world.restored(await wordsOf(alice), { backup: new Blob(parts as Uint8Array<ArrayBuffer>[]) });
  expect(await texts(onlyChat(again))).toHaveLength(40);
});

test("a backup that is two months old: history comes back, and contacts who have moved on are met again", async () => {
  const clock = new VirtualClock();
  const { alice, bob, aliceChat, bobChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
  await aliceChat.send("long ago");
  await settle(alice, bob);
  const [backup, words] = [await fileOf(alice), await wordsOf(alice)];
  await bobChat.send("after the backup");
  await settle(bob, alice);
  await lose(alice);
  await bob.client.close();
  // Bob's prekeys of then are erased by now, and his list was signed anew.
  await clock.advance(60 * DAY);
  const later = await world.reopen(bob.storage as MemoryStorage, { clock });
  await settle(later);

  const again = await world.restored(words, { backup, clock });
  const chat = onlyChat(again);
  expect(await texts(chat)).toEqual(["long ago"]);
  await chat.send("I am back");
  await settle(again, later, again, later);
  const laterChat = onlyChat(later);
  await laterChat.send("so am I");
  await settle(later, again);
  expect(await texts(chat)).toEqual(["long ago", "I am back", "so am I"]);
  expect(await texts(laterChat)).toEqual(["long ago", "after the backup", "I am back", "so am I"]);
  expect([...complaints(again), ...complaints(later)]).toEqual([]);
});

test("an account that dies while it takes in a backup opens with what came, and the rest comes when it is imported again", async () => {
  const alice = await world.person("Alice");
  const notes = await alice.client.conversations.notes();
  for (let i = 0; i < 300; i++) await notes.send(`${i}`);
  const [backup, words, all] = [await fileOf(alice), await wordsOf(alice), await texts(notes)];
  const first = await world.restored(words);
  const half = Promise.withResolvers<void>();
  first.client.on("conversation", () => half.resolve());
  void first.client.backups.import(backup).catch(() => undefined);
  await half.promise;
  const disk = (first.storage as MemoryStorage).reopen();
  world.abandon(first);
  const second = await world.reopen(disk);
  const before = await texts(onlyChat(second));
  expect(before.length).toBeGreaterThan(0);
  const { messages } = await second.client.backups.import(backup);
  expect([before.length + messages, await texts(onlyChat(second))]).toEqual([300, all]);
});

test("another tab exports, imports and uploads as the one does that writes", async () => {
  const { alice, bob, aliceChat, bobChat } = await world.pair();
  await bobChat.send("hello");
  await settle(bob, alice);
  const tab = await world.tab(alice);
  const backup = await fileOf(tab);
  await tab.client.backups.upload();
  expect(alice.client.backups.status.get().bytes).toBe(backup.size);
  expect(tab.client.backups.status.get()).toEqual(alice.client.backups.status.get());
  const fresh = await world.restored(await wordsOf(alice));
  const freshTab = await world.tab(fresh);
  expect(await freshTab.client.backups.import(backup)).toEqual({ messages: 1 });
  for (const { client } of [fresh, freshTab]) expect(await texts(onlyChat({ client } as Person))).toEqual(await texts(aliceChat));
});

test("a sink is given a backup whenever one is due, and another try when it fails", async () => {
  const clock = new VirtualClock();
  const alice = await world.person("Alice", { clock });
  const taken: Blob[] = [];
  let refuses = true;
  const sink = (): WritableStream<Uint8Array> => {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    return new WritableStream({
      write(part) {
        if (refuses) throw new Error("the disk is full");
        parts.push(part as Uint8Array<ArrayBuffer>);
      },
      close: () => void taken.push(new Blob(parts)),
    });
  };
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      let first = true;
      alice.client.backups.status.subscribe(() => (first ? (first = false) : resolve()));
    });
  await alice.client.backups.schedule({ every: "12h", to: sink });
  // What cannot be done leaves what is done.
  await expect(alice.client.backups.schedule({ every: 0, to: sink })).rejects.toMatchObject({ code: "argument/invalid" });
  let changed = next();
  await clock.advance(1);
  await changed;
  expect(alice.client.backups.status.get()).toMatchObject({ every: DAY / 2, error: { code: "internal" } });
  refuses = false;
  changed = next();
  await clock.advance(15 * 60 * 1000);
  await changed;
  expect(alice.client.backups.status.get().error).toBeUndefined();
  expect((await alice.client.backups.import(taken[0] as Blob)).messages).toBe(0);
  expect(alice.client.backups.status.get()).toMatchObject({ every: DAY / 2, bytes: taken[0]?.size });
  await alice.client.backups.schedule(null);
  expect(alice.client.backups.status.get()).toEqual({});
});

test("no sink is asked for anything once the account is erased", async () => {
  const clock = new VirtualClock();
  const alice = await world.person("Alice", { clock });
  let asked = 0;
  await alice.client.backups.schedule({ every: "12h", to: () => (asked++, new WritableStream()) });
  await lose(alice);
  await clock.advance(DAY);
  expect(asked).toBe(0);
});
