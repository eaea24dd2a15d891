// Several tabs of one account, in one process: each has the whole public surface, one of them writes, and when that one dies another goes on.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client, Message } from "../../src/api.ts";
import { GREETING } from "../../src/limits.ts";
import { memory } from "../../src/storage/memory.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { complaints, onlyChat, type Person, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** Bob, and Alice in so many tabs; the first one writes. */
async function tabs(count: number): Promise<{ alices: readonly Person[]; bob: Person }> {
  const { alice, bob } = await world.pair();
  const alices = [alice];
  while (alices.length < count) alices.push(await world.tab(alice));
  return { alices, bob };
}

/** Until something holds: what a person waits for who looks at the screen. */
async function until(client: Client, holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = [client.on("message", () => resolve()), client.on("update", () => resolve()), client.on("conversation", () => resolve())];
    if (!(await holds())) await promise;
    for (const leave of stop) leave();
  }
}

describe("tabs of one account", () => {
  test("each sends, and all show the same", async () => {
    const { alices, bob } = await tabs(3);
    const sent = await Promise.all(alices.map(async (alice, i) => await onlyChat(alice).send(`from tab ${i}`)));
    await Promise.all(sent.map(async (message) => await message.sent));
    await bob.client.sync();
    expect((await texts(onlyChat(bob))).toSorted()).toEqual(["from tab 0", "from tab 1", "from tab 2"]);
    await onlyChat(bob).send("an answer");
    for (const alice of alices) {
      await until(alice.client, async () => (await texts(onlyChat(alice))).length === 4);
      expect(await texts(onlyChat(alice))).toEqual(await texts(onlyChat(alices[0] as Person)));
      expect(onlyChat(alice).state.get()).toMatchObject({ unread: 1, lastMessage: { text: "an answer" } });
      expect(complaints(alice)).toEqual([]);
    }
  });

  test("events, streams, live values and the connection are the same in each", async () => {
    const { alices, bob } = await tabs(2);
    const [, second] = alices as [Person, Person];
    await second.client.sync();
    expect(second.client.connection.get()).toMatchObject({ state: "online" });
    const heard: string[] = [];
    second.client.on("message", ({ text }: Message) => heard.push(text));
    const stream = second.client.messages();
    await onlyChat(bob).send("hello");
    const { value } = await stream.next();
    expect(value?.text).toBe("hello");
    await until(second.client, () => heard.length > 0);
    expect(heard).toEqual(["hello"]);
    await onlyChat(second).markRead();
    for (const alice of alices) expect(onlyChat(alice).state.get().unread).toBe(0);
    await second.client.updateProfile({ name: "Alicia" });
    await (await second.client.contacts.list.get()[0])?.rename("Robert");
    for (const { client } of alices) {
      expect(client.profile.get().name).toBe("Alicia");
      expect(client.contacts.list.get().map(({ name }) => name)).toEqual(["Robert"]);
    }
  });

  test("errors of a command come back with code and details, and change nothing", async () => {
    const { alices } = await tabs(2);
    const second = alices[1] as Person;
    await expect(onlyChat(second).send("")).rejects.toMatchObject({ code: "message/empty" });
    await expect(onlyChat(second).send("x".repeat(100_000))).rejects.toMatchObject({
      code: "message/too-large",
      details: { size: 100_000 },
    });
    expect(await texts(onlyChat(second))).toEqual([]);
  });

  test("of two that open at the same moment, the one that reads along hears of everything", async () => {
    const { alices, bob } = await tabs(1);
    const [alice] = alices as [Person];
    await alice.client.close();
    const both = await Promise.all([world.tab(alice), world.tab(alice)]);
    await onlyChat(bob).send("hello");
    for (const one of both) {
      await until(one.client, async () => (await texts(onlyChat(one))).length === 1);
      expect(onlyChat(one).state.get()).toMatchObject({ unread: 1 });
    }
  });

  test("a tab that does not write makes invites and accepts them", async () => {
    const { alices } = await tabs(2);
    const second = alices[1] as Person;
    const carol = await world.person("Carol");
    const chat = await carol.client.invites.accept((await second.client.invites.create()).url);
    await second.client.sync();
    await carol.client.sync();
    await chat.send("hi");
    await until(second.client, async () => {
      const met = second.client.contacts.list.get().find(({ name }) => name === "Carol");
      return met !== undefined && (await texts(await met.conversation())).includes("hi");
    });
    const dave = await world.person("Dave");
    await second.client.invites.accept((await dave.client.invites.create()).url);
    for (const { client } of alices) expect(client.contacts.list.get().map(({ name }) => name)).toContain("Dave");
  });

  test("when the one that writes closes, another goes on", async () => {
    const { alices, bob } = await tabs(3);
    for (const [i, alice] of alices.entries()) {
      const last = alices.at(-1) as Person;
      await onlyChat(last).send(`while ${i} writes`);
      if (alice !== last) await alice.client.close();
    }
    const last = alices.at(-1) as Person;
    await last.client.sync();
    await bob.client.sync();
    expect(await texts(onlyChat(bob))).toEqual(["while 0 writes", "while 1 writes", "while 2 writes"]);
    await onlyChat(bob).send("still there?");
    await until(last.client, async () => (await texts(onlyChat(last))).includes("still there?"));
    expect(complaints(last)).toEqual([]);
  });

  test("when the one that writes is killed, what the others ask is done once", async () => {
    const { alices, bob } = await tabs(4);
    const expected: string[] = [];
    const living = [...alices];
    while (living.length > 1) {
      const [writer, ...others] = living as [Person, ...Person[]];
      const sending = others.flatMap((alice, i) =>
        [0, 1, 2].map(async (n) => {
          const text = `${living.length}.${i}.${n}`;
          expected.push(text);
          return await onlyChat(alice).send(text);
        }),
      );
      await Promise.race(sending);
      world.kill(writer);
      living.shift();
      await Promise.all(sending);
      for (const alice of others) {
        await until(alice.client, async () => (await texts(onlyChat(alice))).length >= expected.length);
        const { lastMessage } = onlyChat(alice).state.get();
        expect(lastMessage?.text).toBe((await texts(onlyChat(alice))).at(-1));
      }
    }
    const [last] = living as [Person];
    await last.client.sync();
    await bob.client.sync();
    expect((await texts(onlyChat(last))).toSorted()).toEqual(expected.toSorted());
    expect((await texts(onlyChat(bob))).toSorted()).toEqual(expected.toSorted());
  });

  test("an account that is erased in one tab is gone in all", async () => {
    const { alices } = await tabs(3);
    const second = alices[1] as Person;
    await second.client.erase({ confirm: second.client.id });
    for (const alice of alices) {
      if (alice !== second) expect(alice.client.connection.get()).toEqual({ state: "blocked", reason: "erased" });
      await expect(onlyChat(alice).send("x")).rejects.toMatchObject({ code: "closed" });
    }
    await expect(world.tab(second)).rejects.toMatchObject({ code: "account/not-found" });
  });

  test("an account is not erased under a tab that does not let go of it", async () => {
    const disk = memory();
    let deaf = false;
    const join: typeof disk.join = async (listener) =>
      await disk.join!({ ...listener, received: (message) => void (deaf || listener.received(message)) });
    const alice = await world.person("Alice", { storage: { ...disk, join } });
    const clock = new VirtualClock();
    const tab = await world.tab({ ...alice, storage: disk }, { clock });
    deaf = true;
    const erased = Promise.allSettled([tab.client.erase({ confirm: tab.client.id })]);
    await clock.advance(GREETING.mostMs);
    expect(await erased).toMatchObject([{ reason: { code: "storage/locked" } }]);
    await alice.client.updateProfile({ name: "Alicia" });
    expect(alice.client.profile.get().name).toBe("Alicia");
  });

  test("a call that is given up is not waited for", async () => {
    const { alices } = await tabs(2);
    const second = alices[1] as Person;
    const back = await world.stopRelay();
    const given = new AbortController();
    const synced = second.client.sync({ signal: given.signal });
    given.abort();
    await expect(synced).rejects.toMatchObject({ code: "aborted" });
    await back();
  });
});
