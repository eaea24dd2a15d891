// Two copies of one device at work (spec/08): noticed, and shut out when the person says so; no alarm where there is no copy.

import { describe, expect, test } from "vitest";
import type { Client, CloneQuestion, Conversation } from "../../src/api.ts";
import { type MemoryStorage, memory } from "../../src/storage/memory.ts";
import { createTestRelay } from "../../src/testing/node.ts";
import { copyOfStorage } from "../support/thief.ts";
import { texts } from "../support/world.ts";

const MINUTE_MS = 60_000;

const chatOf = ({ conversations }: Client): Conversation => conversations.list.get()[0] as Conversation;
const suspicions = ({ recovery }: Client): readonly CloneQuestion[] =>
  recovery.questions.get().filter((question) => question.kind === "clone");

describe("a copy of a device", { timeout: 60_000 }, () => {
  test("that writes is noticed by the device, shut out by one word of the person, and learns that it is known", async () => {
    await using relay = createTestRelay();
    const storage = memory();
    const alice = await relay.client("Alice", { storage });
    const bob = await relay.client("Bob");
    await bob.invites.accept((await alice.invites.create()).url);
    await relay.advance(0);
    await chatOf(alice).send("before");
    await chatOf(bob).send("the answer");
    await relay.advance(30 * MINUTE_MS);

    const copy = await relay.client("Copy of Alice", { storage: await copyOfStorage(storage) });
    for (const text of ["forged 1", "forged 2", "forged 3"]) await chatOf(copy).send(text);
    await relay.advance(0);
    await chatOf(alice).send("from Alice herself");
    await relay.advance(0);
    expect(suspicions(alice).map(({ contact, sign }) => [contact?.name, sign])).toEqual([["Bob", "taken"]]);
    expect(await texts(chatOf(bob))).not.toContain("from Alice herself");

    await (suspicions(alice)[0] as CloneQuestion).proceed();
    await relay.advance(2 * MINUTE_MS);
    await chatOf(bob).send("for Alice only");
    await chatOf(alice).send("and back");
    await relay.advance(30 * MINUTE_MS);
    expect(suspicions(alice)).toEqual([]);
    const forged = ["forged 1", "forged 2", "forged 3"];
    const honest = ["before", "the answer", "from Alice herself", "for Alice only", "and back"];
    expect((await texts(chatOf(bob))).toSorted()).toEqual([...forged, ...honest].toSorted());
    expect(await texts(chatOf(alice))).toContain("for Alice only");
    // The copy reads nothing that comes after, hears that a session was begun that it did not ask for, and stops.
    expect(await texts(chatOf(copy))).not.toContain("for Alice only");
    expect(await texts(chatOf(copy))).not.toContain("and back");
    expect(suspicions(copy).map(({ sign }) => sign)).toEqual(["restarted"]);
    await chatOf(copy).send("forged later");
    await relay.advance(30 * MINUTE_MS);
    expect(await texts(chatOf(bob))).not.toContain("forged later");
  });

  test("is not suspected after a crash whose answers were lost, however often", async () => {
    await using relay = createTestRelay();
    let storage: MemoryStorage = memory();
    let alice = await relay.client("Alice", { storage });
    const bob = await relay.client("Bob");
    await bob.invites.accept((await alice.invites.create()).url);
    await relay.advance(0);
    for (let crash = 0; crash < 4; crash++) {
      // Many appends are done, and nobody hears of it.
      relay.fault({ drop: 0.5 }, alice);
      for (let i = 0; i < 3; i++) await chatOf(alice).send(`message ${crash}.${i}`);
      await relay.advance(MINUTE_MS);
      storage = storage.reopen();
      alice = await relay.client("Alice", { storage });
      await relay.advance(10 * MINUTE_MS);
    }
    expect(suspicions(alice)).toEqual([]);
    expect(await texts(chatOf(bob))).toHaveLength(12);
  });
});
