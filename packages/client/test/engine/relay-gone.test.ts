// Two relays: one of them goes, for a while or for ever, and the account goes on with the other.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { hastyClock } from "../support/hasty-clock.ts";
import { JumpClock } from "../support/jump-clock.ts";
import { TestNetwork } from "../support/network.ts";
import { complaints, meet, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let a: World;
let b: World;
beforeEach(async () => void ([a, b] = await Promise.all([World.open(), World.open()])));
afterEach(async () => void (await Promise.all([a.close(), b.close()])));

/** Waiting for a relay takes a tenth of the time. */
const clock = hastyClock(10);
const at = (...worlds: readonly World[]) => ({ clock, relay: worlds.map(({ relay }) => relay) });
const both = () => at(a, b);
const relaysOf = ({ client }: Person): string[] =>
  client.relays.list.get().map(({ url, leaving }) => `${url.host}${leaving === undefined ? "" : " left"}`);
const host = (world: World): string => new URL(world.relay).host;

describe("an account of two relays", { timeout: 120_000 }, () => {
  test("goes on with the second when the first is gone in the middle of a conversation", async () => {
    const [alice, bob] = [await a.person("Alice", both()), await a.person("Bob", both())];
    const [laptop, tablet] = [await a.device(alice, "link", both()), await a.device(bob, "link", both())];
    const everybody = [alice, laptop, bob, tablet];
    await meet(alice, bob);
    await settle(...everybody, ...everybody);
    expect(everybody.map(relaysOf)).toEqual(everybody.map(() => [host(a), host(b)]));
    await onlyChat(alice).send("one");
    await settle(...everybody);

    await a.stopRelay();
    const sent = [await onlyChat(alice).send("two"), await onlyChat(tablet).send("three"), await onlyChat(bob).send("four")];
    await settle(...everybody);
    await onlyChat(laptop).send("five");
    await settle(...everybody, ...everybody);
    for (const person of everybody) expect((await texts(onlyChat(person))).toSorted()).toEqual(["five", "four", "one", "three", "two"]);
    expect(sent.map(({ status }) => status.state === "sent" || status.state === "delivered")).toEqual([true, true, true]);
    expect(everybody.map(({ client }) => client.connection.get().state)).toEqual(everybody.map(() => "online"));
    expect(everybody.flatMap(complaints)).toEqual([]);
  });

  test("takes in what lies on a relay that comes back, once, and writes there again", async () => {
    const { alice, bob, bobChat } = await a.pair({ inviter: both(), accepter: both() });
    await alice.client.close();
    await bobChat.send("lies on the first");
    await settle(bob);
    const back = await a.stopRelay();
    const reopened = await a.reopen(alice.storage as MemoryStorage, both());
    await bobChat.send("went to the second");
    await settle(bob, reopened);
    expect(await texts(onlyChat(reopened))).toEqual(["went to the second"]);
    await back();
    await settle(reopened, bob);
    expect(await texts(onlyChat(reopened))).toEqual(["lies on the first", "went to the second"]);
    await bobChat.send("to the first again");
    await settle(bob, reopened);
    expect((await texts(onlyChat(reopened))).at(-1)).toBe("to the first again");
    expect([complaints(reopened), complaints(bob)]).toEqual([[], []]);
  });

  test("waits while both are gone, and sends as soon as either is back", async () => {
    const { alice, bob, bobChat } = await a.pair({ inviter: both(), accepter: both() });
    await a.stopRelay();
    const back = await b.stopRelay();
    const waiting = await bobChat.send("through the dark");
    await expect(bob.client.sync()).rejects.toMatchObject({ code: "relay/unreachable" });
    expect(waiting.status.state).toBe("queued");
    await back();
    await settle(bob, alice);
    expect(await texts(onlyChat(alice))).toEqual(["through the dark"]);
    expect(waiting.status.state).not.toBe("queued");
  });

  test("loses nothing that lay unread on a relay that never comes back", async () => {
    const time = new JumpClock();
    const { alice, bob, bobChat } = await a.pair({ inviter: both(), accepter: { ...both(), clock: time } });
    const laptop = await b.device(alice, "link", both());
    await settle(alice, laptop, bob, alice);
    await alice.client.close();
    await laptop.client.close();
    const unread = Array.from({ length: 70 }, (_, i) => `unread ${i}`);
    for (const text of unread) await bobChat.send(text);
    await settle(bob);
    await a.stopRelay();
    await settle(bob);
    time.jump(11 * 60 * 1000);
    await settle(bob, bob);
    await bobChat.send("after");
    time.jump(16 * 60 * 1000);
    await settle(bob);
    for (const { storage } of [alice, laptop]) {
      const reopened = await b.reopen(storage as MemoryStorage, both());
      await settle(reopened, reopened);
      expect(await texts(onlyChat(reopened))).toEqual([...unread, "after"]);
      expect(complaints(reopened)).toEqual([]);
    }
  });

  test("of which only the second works from the beginning is made, met and written to", async () => {
    await a.stopRelay();
    const [alice, bob] = [await a.person("Alice", both()), await a.person("Bob", at(b))];
    await meet(alice, bob);
    await onlyChat(bob).send("hello");
    await settle(bob, alice);
    expect(await texts(onlyChat(alice))).toEqual(["hello"]);
  });
});

describe("an account that moves", { timeout: 120_000 }, () => {
  test("takes its contacts and devices along, and reads where it was for whoever has not heard yet", async () => {
    const { alice, bob, bobChat } = await a.pair({ inviter: at(a), accepter: both() });
    const laptop = await a.device(alice, "link", at(a));
    await settle(alice, laptop, bob);
    // Bob is away while Alice moves; what he writes meanwhile goes where she was.
    await alice.client.relays.set([b.relay]);
    await bobChat.send("to the old home");
    await settle(alice, laptop);
    expect([alice, laptop].map(relaysOf)).toEqual([alice, laptop].map(() => [host(b), `${host(a)} left`]));
    await settle(bob, alice, laptop);
    await bobChat.send("to the new home");
    await settle(bob);
    await a.stopRelay();
    for (const person of [alice, laptop]) {
      await person.client.sync();
      expect(await texts(onlyChat(person))).toEqual(["to the old home", "to the new home"]);
    }
  });

  test("by being opened with other relays, as soon as they can be reached", async () => {
    const { alice, bob, bobChat } = await a.pair({ inviter: at(a), accepter: both() });
    await alice.client.close();
    const reopened = await b.reopen(alice.storage as MemoryStorage, at(b, a));
    while (relaysOf(reopened)[0] !== host(b)) await new Promise((resolve) => setImmediate(resolve));
    expect(relaysOf(reopened)).toEqual([host(b), host(a)]);
    await settle(reopened, bob);
    await a.stopRelay();
    await bobChat.send("hello");
    await settle(bob, reopened);
    expect(await texts(onlyChat(reopened))).toEqual(["hello"]);
  });

  test("not by being opened with what is no relay: then it is not opened", async () => {
    const { client, storage } = await a.person("Alice");
    await client.close();
    const network = new TestNetwork();
    await expect(a.opened(storage, { network, relay: "ftp://relay.example" })).rejects.toMatchObject({ code: "argument/invalid" });
    const alice = await a.opened(storage);
    await settle(alice);
    expect(relaysOf(alice)).toEqual([host(a)]);
    expect(network.sent).toEqual([]);
  });

  test("nowhere that cannot be reached: then nothing has changed", async () => {
    const alice = await a.person("Alice");
    await b.stopRelay();
    await expect(alice.client.relays.set([b.relay])).rejects.toMatchObject({ code: "relay/unreachable" });
    await expect(alice.client.relays.set([])).rejects.toMatchObject({ code: "argument/invalid" });
    await expect(alice.client.relays.set(["ftp://relay.example"])).rejects.toMatchObject({ code: "argument/invalid" });
    expect(relaysOf(alice)).toEqual([host(a)]);
  });
});
