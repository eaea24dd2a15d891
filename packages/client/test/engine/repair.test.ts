// A session whose state one side lost is begun anew by itself, and what was missed arrives (spec/08).

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeAppend, decodeLiveEvent, encodeLiveEvent } from "@sotto/wire";
import type { RecoveryQuestion, ResendQuestion } from "../../src/api.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { passOver } from "../support/passed-over.ts";
import { damageSessions, loseTable, spoilSending } from "../support/lost-sessions.ts";
import { complaints, messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

const HOUR_MS = 60 * 60 * 1000;
let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** Both know each other, have said something and lost nothing. */
async function friends(): Promise<{ alice: Person; bob: Person; clock: VirtualClock }> {
  const clock = new VirtualClock(Date.now());
  const { alice, bob, aliceChat, bobChat } = await world.pair({ inviter: { clock }, accepter: { clock } });
  await aliceChat.send("hello Bob");
  await settle(alice, bob);
  await bobChat.send("hello Alice");
  await settle(bob, alice);
  return { alice, bob, clock };
}

const reopen = async (person: Person, clock: VirtualClock): Promise<Person> =>
  await world.reopen(person.storage as MemoryStorage, { clock });

/** What a person has not been asked for yet, by kind. */
const questions = ({ client }: Person): readonly string[] => client.recovery.questions.get().map(({ kind }) => kind);

/** The tags of the cells that a person pins from now on: a retry pins the same one. */
function cellsOf({ network }: Person): Set<string> {
  const tags = new Set<string>();
  network.before = async ({ pathname }, { body }) => {
    if (pathname === "/v1/cells") for (const { tag } of decodeAppend(body as Uint8Array)) tags.add(tag.join());
  };
  return tags;
}

/** Receipts that are owed are sent, so that what is counted afterwards is something else. */
async function afterReceipts(clock: VirtualClock, ...people: readonly Person[]): Promise<void> {
  await clock.advance(21 * 60_000);
  await settle(...people);
}

/** Everybody takes in and sends what there is, until all that is answered by itself within a minute or so was answered. */
async function mend(clock: VirtualClock, ...people: readonly Person[]): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await settle(...people);
    await clock.advance(61_000);
  }
  await settle(...people, ...people);
}

describe("a lost session", { timeout: 60_000 }, () => {
  test.each([
    ["gone", async (person: Person) => await loseTable(person)],
    ["damaged", damageSessions],
  ])("that is %s is begun anew, and what was missed arrives, both ways", async (_, accident) => {
    const { alice, bob, clock } = await friends();
    expect(await accident(alice)).toBe(1);
    for (const text of ["missed 1", "missed 2"]) await onlyChat(bob).send(text);
    await settle(bob);
    const back = await reopen(alice, clock);
    await onlyChat(back).send("written before it is mended");
    await mend(clock, back, bob);
    await onlyChat(bob).send("after");
    await settle(bob, back, bob);
    const all = ["hello Bob", "hello Alice", "missed 1", "missed 2", "written before it is mended", "after"].toSorted();
    for (const person of [back, bob]) {
      expect((await texts(onlyChat(person))).toSorted()).toEqual(all);
      expect((await messagesOf(onlyChat(person))).filter(({ status }) => status.state === "queued")).toEqual([]);
      expect(complaints(person)).toEqual([]);
    }
  });

  test("is begun anew a day later when the relay drops the answer", async () => {
    const { alice, bob, clock } = await friends();
    await loseTable(alice);
    const back = await reopen(alice, clock);
    const pass = passOver(back);
    await onlyChat(back).send("written before it is mended");
    await mend(clock, back, bob);
    expect(pass()).toBeGreaterThan(0);
    await clock.advance(23 * HOUR_MS);
    await settle(back, bob);
    expect(await texts(onlyChat(bob))).not.toContain("written before it is mended");
    await clock.advance(HOUR_MS);
    await mend(clock, back, bob);
    expect(await texts(onlyChat(bob))).toContain("written before it is mended");
  });

  test("on both sides at once is begun anew", async () => {
    const { alice, bob, clock } = await friends();
    await loseTable(alice);
    await loseTable(bob);
    const [a, b] = [await reopen(alice, clock), await reopen(bob, clock)];
    await onlyChat(a).send("from Alice");
    await onlyChat(b).send("from Bob");
    await mend(clock, a, b);
    await onlyChat(a).send("again");
    await settle(a, b);
    for (const person of [a, b])
      expect((await texts(onlyChat(person))).toSorted()).toEqual(["again", "from Alice", "from Bob", "hello Alice", "hello Bob"]);
  });

  test("between devices of one person is begun anew, and copies arrive", async () => {
    const { alice, bob, clock } = await friends();
    const laptop = await world.device(alice, "link", { clock });
    await settle(alice, laptop, bob, laptop, alice);
    expect(await loseTable(laptop)).toBe(2);
    await onlyChat(alice).send("written on the telephone");
    await settle(alice, bob);
    const back = await reopen(laptop, clock);
    await mend(clock, back, alice, bob);
    await onlyChat(back).send("written on the laptop");
    await settle(back, alice, bob, back);
    const all = ["hello Alice", "hello Bob", "written on the laptop", "written on the telephone"];
    for (const person of [back, alice, bob]) expect((await texts(onlyChat(person))).toSorted()).toEqual(all);
  });
});

describe("a session that one end can no more read", { timeout: 60_000 }, () => {
  test("is begun anew, and the message that could not be opened comes again", async () => {
    const { alice, bob, clock } = await friends();
    await spoilSending(bob);
    const back = await reopen(bob, clock);
    await onlyChat(back).send("unreadable at first");
    await settle(back, alice);
    expect(complaints(alice)).toEqual(["message/unreadable"]);
    await onlyChat(alice).send("while it is being mended");
    await mend(clock, alice, back);
    const all = ["hello Alice", "hello Bob", "unreadable at first", "while it is being mended"];
    for (const person of [alice, back]) expect((await texts(onlyChat(person))).toSorted()).toEqual(all);
  });

  test("is asked for once an hour at most", async () => {
    const { alice, bob, clock } = await friends();
    await afterReceipts(clock, alice, bob);
    await spoilSending(bob);
    const back = await reopen(bob, clock);
    const asked = cellsOf(alice);
    // Bob hears nothing, so he does not answer.
    back.network.twist = (frame) => (decodeLiveEvent(frame).t === "cells" ? [] : [frame]);
    for (let minute = 0; minute < 90; minute += 10) {
      await onlyChat(back).send(`at ${minute}`);
      await settle(back, alice);
      await clock.advance(10 * 60_000);
      await settle(alice);
    }
    expect(asked.size).toBe(2);
  });

  test("silence and damaged cells ask for nothing", async () => {
    const { alice, bob, clock } = await friends();
    await afterReceipts(clock, alice, bob);
    const asked = cellsOf(alice);
    alice.network.twist = (frame) => {
      const event = decodeLiveEvent(frame);
      if (event.t !== "cells") return [frame];
      return [
        encodeLiveEvent({
          ...event,
          cells: event.cells.map((cell) => ({ ...cell, body: cell.body.with(99, (cell.body[99] as number) ^ 1) })),
        }) as Uint8Array,
      ];
    };
    await onlyChat(bob).send("damaged");
    await settle(bob, alice);
    await clock.advance(2 * HOUR_MS);
    await settle(alice);
    expect(asked.size).toBe(0);
    // The same way of looking finds a restart where there is one.
    alice.network.twist = (frame) => [frame];
    await spoilSending(bob);
    const back = await reopen(bob, clock);
    await onlyChat(back).send("broken");
    await mend(clock, back, alice);
    expect(asked.size).toBeGreaterThan(0);
  });
});

describe("what was missed", { timeout: 60_000 }, () => {
  test("is said again to a verified person's device only after a yes; the conversation goes on meanwhile", async () => {
    const { alice, bob, clock } = await friends();
    await onlyChat(bob).contact?.setVerified(true);
    await loseTable(alice);
    await onlyChat(bob).send("missed");
    await settle(bob);
    const back = await reopen(alice, clock);
    const heard: RecoveryQuestion[] = [];
    bob.client.on("question", (question) => heard.push(question));
    await mend(clock, back, bob);
    await onlyChat(bob).send("after");
    await settle(bob, back);
    expect((await texts(onlyChat(back))).toSorted()).toEqual(["after", "hello Alice", "hello Bob"]);
    expect([heard.map(({ kind }) => kind), questions(bob)]).toEqual([["resend"], ["resend"]]);
    const [question] = heard as [ResendQuestion];
    expect(question.contact.name).toBe("Alice");
    expect(question.contact.trust).toBe("verified");
    await question.decide(true);
    await settle(bob, back);
    expect((await texts(onlyChat(back))).toSorted()).toEqual(["after", "hello Alice", "hello Bob", "missed"]);
    expect(questions(bob)).toEqual([]);
  });

  test("is not said again when the person says no, however often it is asked for", async () => {
    const { alice, bob, clock } = await friends();
    await onlyChat(bob).contact?.setVerified(true);
    await loseTable(alice);
    await onlyChat(bob).send("missed");
    await settle(bob);
    let back = await reopen(alice, clock);
    await mend(clock, back, bob);
    await (bob.client.recovery.questions.get()[0] as ResendQuestion).decide(false);
    await clock.advance(2 * HOUR_MS);
    await loseTable(back);
    back = await reopen(back, clock);
    await mend(clock, back, bob);
    expect(questions(bob)).toEqual([]);
    expect(await texts(onlyChat(back))).not.toContain("missed");
  });

  test("is said again once, not more often than hourly, and never what is older than two days", async () => {
    const { alice, bob, clock } = await friends();
    await alice.client.close();
    await onlyChat(bob).send("old");
    await settle(bob);
    await bob.client.close();
    await clock.advance(49 * HOUR_MS);
    const back = await reopen(bob, clock);
    await onlyChat(back).send("recent");
    await settle(back);
    let thief = alice;
    const pinned = cellsOf(back);
    const costs: number[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      // Whoever holds a device's keys asks again and again: its own limits do not hold it back.
      await loseTable(thief);
      await loseTable(thief, "repairs");
      await loseTable(thief, "position");
      thief = await reopen(thief, clock);
      pinned.clear();
      await mend(clock, thief, back);
      costs.push(pinned.size);
    }
    // The last word on the session before, the hello of the new one, the message. Within the hour: nothing.
    expect(costs).toEqual([3, 0, 0]);
    expect((await texts(onlyChat(thief))).toSorted()).toEqual(["hello Alice", "hello Bob", "recent"]);
  });
});
