// What the SDK promises first: two people meet and talk, whoever is away when.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_TEXT_LENGTH } from "@sotto/protocol";
import type { ConversationState, Message, MessageId } from "../../src/api.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { TestNetwork } from "../support/network.ts";
import { complaints, meet, messagesOf, onlyChat, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

describe("two people", { timeout: 60_000 }, () => {
  test("say hello world", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await alice.client.invites.create();
    const arriving = alice.client.messages();
    const chat = await bob.client.invites.accept(url);
    const sent = await chat.send("hello world");
    const { value: message } = (await arriving.next()) as { value: Message };
    expect([message.sender.name, message.text, message.mine]).toEqual(["Bob", "hello world", false]);
    await sent.sent;
    await message.conversation.send("hello Bob");
    await settle(alice, bob);
    expect(await texts(chat)).toEqual(["hello world", "hello Bob"]);
    expect([complaints(alice), complaints(bob)]).toEqual([[], []]);
  });

  test("hear in a stream what came after their client was opened, however late they ask", async () => {
    const { alice, bob, bobChat } = await world.pair();
    await bobChat.send("before you asked");
    await settle(bob, alice);
    for await (const message of alice.client.messages()) {
      expect(message.text).toBe("before you asked");
      break;
    }
    const reopened = await world.reopen(alice.storage as MemoryStorage);
    await bobChat.send("after you came back");
    await settle(bob, reopened);
    for await (const message of reopened.client.messages()) {
      expect(message.text).toBe("after you came back");
      break;
    }
  });

  test("know after meeting who is who; an invite read in person verifies its maker, a link that travelled does not", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    const shown = ({ name, phase, trust }: ConversationState): unknown => ({ name, phase, trust });
    expect(shown(aliceChat.state.get())).toEqual({ name: "Bob", phase: "open", trust: "unverified" });
    expect(shown(bobChat.state.get())).toEqual({ name: "Alice", phase: "open", trust: "unverified" });
    const numbers = [await aliceChat.contact?.safetyNumber(), await bobChat.contact?.safetyNumber()];
    const shownOf = (number: (typeof numbers)[0]) => [number?.digits, number?.groups];
    expect(shownOf(numbers[0])).toEqual(shownOf(numbers[1]));
    expect(numbers[0]?.groups).toHaveLength(12);
    expect(alice.client.invites.list.get()).toEqual([]);
    expect(bob.client.contacts.list.get().map(({ name }) => name)).toEqual(["Alice"]);
    const carol = await world.person("Carol");
    const { url } = await alice.client.invites.create();
    expect((await carol.client.invites.accept(url, { inPerson: true })).state.get().trust).toBe("verified");
  });

  test("write while the relay is away, and it arrives in order when it is back", async () => {
    const { alice, bob, bobChat } = await world.pair();
    bob.network.cut();
    const written = [await bobChat.send("one"), await bobChat.send("two"), await bobChat.send("three")];
    expect(written.map(({ status }) => status.state)).toEqual(["queued", "queued", "queued"]);
    await expect(bob.client.sync()).rejects.toMatchObject({ code: "relay/unreachable" });
    bob.network.heal();
    await settle(bob, alice);
    expect(await texts(onlyChat(alice))).toEqual(["one", "two", "three"]);
    expect(written.map(({ status }) => status.state)).toEqual(["sent", "sent", "sent"]);
  });

  test("get what was written while they were closed", async () => {
    const { alice, bob, bobChat } = await world.pair();
    await alice.client.close();
    await (
      await bobChat.send("while you were away")
    ).sent;
    const again = await world.reopen(alice.storage as never);
    await settle(again);
    expect(await texts(onlyChat(again))).toEqual(["while you were away"]);
    expect(onlyChat(again).state.get()).toMatchObject({ name: "Bob", unread: 1 });
    expect(complaints(bob)).toEqual([]);
  });

  test("find the outbox again after a restart, and each message arrives once", async () => {
    const { alice, bob, bobChat } = await world.pair();
    bob.network.cut();
    await bobChat.send("from before");
    await bob.client.close();
    const again = await world.reopen(bob.storage as never);
    await settle(again, alice);
    expect(await texts(onlyChat(alice))).toEqual(["from before"]);
    expect((await messagesOf(onlyChat(again))).map(({ status }) => status.state)).toEqual(["sent"]);
  });

  test("do not notice that a relay restarts, or that its answers get lost", async () => {
    const own = await World.open();
    try {
      const { alice, bob, bobChat, aliceChat } = await own.pair();
      await own.restartRelay();
      bob.network.loseAnswers = 2;
      await bobChat.send("one").then(({ sent }) => sent);
      await own.restartRelay();
      await settle(alice);
      await aliceChat.send("two").then(({ sent }) => sent);
      await settle(alice, bob);
      expect([await texts(aliceChat), await texts(bobChat)]).toEqual([
        ["one", "two"],
        ["one", "two"],
      ]);
    } finally {
      await own.close();
    }
  });
});

describe("a message", { timeout: 60_000 }, () => {
  test("that is empty or too long is refused, and nothing is written", async () => {
    const { bobChat } = await world.pair();
    await expect(bobChat.send("")).rejects.toMatchObject({ code: "message/empty" });
    const tooLong = "ä".repeat(MAX_TEXT_LENGTH / 2 + 1);
    await expect(bobChat.send(tooLong)).rejects.toMatchObject({ code: "message/too-large", details: { limit: MAX_TEXT_LENGTH } });
    expect(await texts(bobChat)).toEqual([]);
  });

  test("of the longest size arrives whole, with receipts riding along", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    for (let i = 0; i < 10; i++) await aliceChat.send(`short ${i}`);
    await settle(alice, bob);
    const longest = "ä".repeat(MAX_TEXT_LENGTH / 2);
    await bobChat.send(longest);
    await settle(bob, alice);
    expect((await texts(aliceChat)).at(-1)).toBe(longest);
    const delivered = (await messagesOf(aliceChat)).filter(({ mine, status }) => mine && status.state === "delivered");
    expect(delivered).toHaveLength(8);
  });

  test("becomes delivered by an answer, and without one after a while", async () => {
    const clock = new VirtualClock(Date.now());
    const { alice, bob, aliceChat, bobChat } = await world.pair({ accepter: { clock } });
    const first = await aliceChat.send("one");
    await settle(alice, bob);
    expect(first.status.state).toBe("sent");
    await bobChat.send("answer");
    await settle(bob, alice);
    expect(first.status.state).toBe("delivered");
    const second = await aliceChat.send("two");
    await settle(alice, bob);
    await clock.advance(9 * 60_000);
    await settle(bob, alice);
    expect(second.status.state).toBe("sent");
    await clock.advance(11 * 60_000);
    await settle(bob, alice);
    expect(second.status.state).toBe("delivered");
  });

  test("object is one for as long as it is held, and tells of its status", async () => {
    const { alice, bobChat, bob } = await world.pair();
    const seen: string[] = [];
    bob.client.on("update", ({ message }) => seen.push(`${message.text}: ${message.status.state}`));
    const message = await bobChat.send("one");
    await message.sent;
    expect(seen).toEqual(["one: sent"]);
    expect((await messagesOf(bobChat))[0]).toBe(message);
    await settle(alice);
  });
});

describe("streams", { timeout: 60_000 }, () => {
  test("replay what is stored after a cursor, then go on, without a gap and without a repetition", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    for (let i = 0; i < 5; i++) await bobChat.send(`${i}`);
    await settle(bob, alice);
    const stored = await messagesOf(aliceChat);
    const stream = alice.client.messages({ after: (stored[1] as Message).cursor });
    const got: string[] = [];
    const reading = (async () => {
      for await (const message of stream) if (got.push(message.text) === 6) return;
    })();
    for (let i = 5; i < 8; i++) await bobChat.send(`${i}`);
    await reading;
    expect(got).toEqual(["2", "3", "4", "5", "6", "7"]);
  });

  test("end with their signal and with the client", async () => {
    const { alice, bob } = await world.pair();
    const stop = new AbortController();
    const stream = alice.client.messages({ signal: stop.signal });
    const next = stream.next();
    stop.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const open = bob.client.messages().next();
    await bob.client.close();
    expect(await open).toEqual({ done: true, value: undefined });
  });

  test("refuse what is no cursor", async () => {
    const { alice } = await world.pair();
    expect(() => alice.client.messages({ after: "x" as never })).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  });
});

describe("a conversation", { timeout: 60_000 }, () => {
  test("counts what is unread, and pages back to its beginning", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    for (let i = 0; i < 7; i++) await bobChat.send(`${i}`);
    await settle(bob, alice);
    expect(aliceChat.state.get().unread).toBe(7);
    expect(aliceChat.state.get().lastMessage?.text).toBe("6");
    await aliceChat.markRead();
    expect(aliceChat.state.get().unread).toBe(0);
    const newest = await aliceChat.history({ limit: 3 });
    const before = await newest.before();
    const oldest = await before?.before();
    expect([newest, before, oldest].map((page) => page?.items.map(({ text }) => text))).toEqual([["4", "5", "6"], ["1", "2", "3"], ["0"]]);
    expect(await oldest?.before()).toBeUndefined();
  });

  test("has one order on both sides although messages crossed, and streams tell what came", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    await aliceChat.send("first");
    await settle(alice, bob);
    for (const person of [alice, bob]) person.network.cut();
    for (const text of ["a1", "a2"]) await aliceChat.send(text);
    for (const text of ["b1", "b2", "b3"]) await bobChat.send(text);
    const stream = aliceChat.messages();
    for (const person of [alice, bob]) person.network.heal();
    await settle(alice, bob, alice);
    const said = await texts(aliceChat);
    expect(said.toSorted()).toEqual(["a1", "a2", "b1", "b2", "b3", "first"]);
    expect([said[0], said.at(-1)]).toEqual(["first", "b3"]);
    expect(await texts(bobChat)).toEqual(said);
    expect([aliceChat, bobChat].map((chat) => chat.state.get().lastMessage?.text)).toEqual(["b3", "b3"]);
    const came = [];
    for (let i = 0; i < 3; i++) came.push((await stream.next()).value?.text);
    expect(came).toEqual(["b1", "b2", "b3"]);
  });

  test("opens around a message, and pages from there to both ends", async () => {
    const { alice, bob, aliceChat, bobChat } = await world.pair();
    for (let i = 0; i < 9; i++) await bobChat.send(`${i}`);
    await settle(bob, alice);
    const all = (await aliceChat.history()).items;
    const middle = await aliceChat.history({ around: all[4]?.id as MessageId, limit: 3 });
    const [before, after] = [await middle.before(2), await middle.after(10)];
    expect([before, middle, after].map((page) => page?.items.map(({ text }) => text))).toEqual([
      ["1", "2"],
      ["3", "4", "5"],
      ["6", "7", "8"],
    ]);
    expect(await after?.after()).toBeUndefined();
    const atEnd = await aliceChat.history({ around: all[8]?.id as MessageId, limit: 4 });
    expect(atEnd.items.map(({ text }) => text)).toEqual(["5", "6", "7", "8"]);
    for (const id of ["x", `m${"0".repeat(32)}`]) {
      await expect(aliceChat.history({ around: id as MessageId })).rejects.toMatchObject({ code: "argument/invalid" });
    }
  });

  test("with myself keeps notes", async () => {
    const alice = await world.person("Alice");
    const notes = await alice.client.conversations.notes();
    const note = await notes.send("buy milk");
    await note.sent;
    expect([notes.kind, notes.contact, note.mine, await texts(notes)]).toEqual(["notes", undefined, true, ["buy milk"]]);
  });

  test("is told of by one event when it begins, and goes up in the list when something is written", async () => {
    const alice = await world.person("Alice");
    const [bob, carol] = [await world.person("Bob"), await world.person("Carol")];
    const began: string[] = [];
    alice.client.on("conversation", ({ conversation, kind }) => kind === "added" && began.push(conversation.state.get().name));
    const bobChat = await meet(alice, bob);
    await meet(alice, carol);
    expect(began).toEqual(["Bob", "Carol"]);
    await bobChat.send("hi");
    await settle(bob, alice);
    expect(alice.client.conversations.list.get().map((chat) => chat.state.get().name)).toEqual(["Bob", "Carol"]);
  });
});

describe("names", { timeout: 60_000 }, () => {
  test("change for everybody, and a name of mine for somebody stays mine", async () => {
    const { alice, bob, bobChat, aliceChat } = await world.pair();
    await bob.client.updateProfile({ name: "Robert" });
    await settle(bob, alice);
    expect(aliceChat.state.get().name).toBe("Robert");
    await aliceChat.contact?.rename("Bobby");
    await bob.client.updateProfile({ name: "Rob" });
    await settle(bob, alice);
    expect(aliceChat.state.get().name).toBe("Bobby");
    await aliceChat.contact?.rename("");
    expect(aliceChat.state.get().name).toBe("Rob");
    await expect(bob.client.updateProfile({ name: "x\u202Ey" })).rejects.toMatchObject({ code: "argument/invalid" });
    expect(bobChat.state.get().name).toBe("Alice");
  });
});

describe("a listener that throws", { timeout: 60_000 }, () => {
  test("is reported and keeps nobody else from hearing", async () => {
    const { alice, bob, bobChat } = await world.pair();
    const heard: string[] = [];
    alice.client.on("message", () => {
      throw new Error("listener");
    });
    alice.client.on("message", ({ text }) => heard.push(text));
    await bobChat.send("one");
    await settle(bob, alice);
    expect(heard).toEqual(["one"]);
    expect(complaints(alice)).toEqual(["internal"]);
  });
});

test("creating an account needs no network", { timeout: 60_000 }, async () => {
  const network = new TestNetwork();
  network.cut();
  const alice = await world.person("Alice", { network });
  expect(alice.client.id).toMatch(/^sotto1/);
  await expect(alice.client.invites.create()).rejects.toMatchObject({ code: "relay/unreachable" });
});
