// Sessions heal by themselves within a day of the last word, and then are quiet (spec/08).

import { describe, expect, test } from "vitest";
import type { Client, Conversation, Storage } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import { createTestRelay, type TestRelay } from "../../src/testing/node.ts";
import { linkedDevice } from "../support/linked-device.ts";
import { Thief } from "../support/thief.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

async function friends(
  relay: TestRelay,
  [first, second]: readonly [Storage, Storage] = [memory(), memory()],
): Promise<{ alice: Client; bob: Client; chat: Conversation }> {
  const alice = await relay.client("Alice", { storage: first });
  const bob = await relay.client("Bob", { storage: second });
  const { url } = await alice.invites.create();
  const chat = await bob.invites.accept(url);
  await relay.advance(0);
  return { alice, bob, chat };
}

/** Hours since `from` at which cells were pinned. */
const hoursSince = (relay: TestRelay, from: number): readonly number[] =>
  relay.seen.filter(({ at, tag }) => at > from && tag !== "").map(({ at }) => (at - from) / HOUR_MS);

describe("after people have spoken", { timeout: 60_000 }, () => {
  test.each([1, 2, 3])("five turns follow within a day, at odd times, and then nothing (seed %i)", async (random) => {
    await using relay = createTestRelay({ random });
    const { chat } = await friends(relay);
    await chat.send("hello");
    await relay.advance(0);
    const from = relay.now().getTime();
    await relay.advance(3 * DAY_MS);
    const [receipt, ...turns] = hoursSince(relay, from);
    expect(receipt).toBeLessThan(20 / 60);
    expect(turns).toHaveLength(5);
    expect(turns[0]).toBeGreaterThan(6);
    expect(turns.at(-1)).toBeLessThan(24);
    const pauses = turns.slice(1).map((hours, i) => (hours - (turns[i] as number)) * 60);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(20.1);
  });

  test("a month without a word is silent but for the weekly lists, with apps that are opened for an hour a day", async () => {
    await using relay = createTestRelay();
    const storages = [memory(), memory()] as const;
    const { alice, bob, chat } = await friends(relay, storages);
    await chat.send("hello");
    await relay.advance(HOUR_MS);
    await Promise.all([alice.close(), bob.close()]);
    const days: number[] = [];
    for (let day = 0; day < 30; day++) {
      await relay.advance(23 * HOUR_MS);
      const from = relay.now().getTime() - 1;
      const open = [await relay.client("Alice", { storage: storages[0] }), await relay.client("Bob", { storage: storages[1] })];
      await relay.advance(HOUR_MS);
      await Promise.all(open.map((client) => client.close()));
      days.push(hoursSince(relay, from).length);
    }
    // The first turns wait for an hour in which both are there; then only lists that are a week old are told.
    const [spoken, silent] = [days.slice(0, 4), days.slice(4)];
    expect(spoken.reduce((sum, cells) => sum + cells)).toBe(5);
    expect(silent.filter((cells) => cells > 0).length).toBeLessThanOrEqual(5);
    expect(Math.max(...silent)).toBeLessThanOrEqual(4);
  });

  test("somebody who is away for a week finds the first turn, which was taken once more ever more rarely, and the session heals", async () => {
    await using relay = createTestRelay();
    const storages = [memory(), memory()] as const;
    const { bob, chat } = await friends(relay, storages);
    await chat.send("hello");
    await relay.advance(HOUR_MS);
    const from = relay.now().getTime();
    await bob.close();
    // Turn 0 after 6 to 22 h, once more 30 to 46 h later, and 66 to 114 h later; lists are not a week old yet.
    await relay.advance(137 * HOUR_MS);
    expect(hoursSince(relay, from)).toHaveLength(3);
    await relay.client("Bob", { storage: storages[1] });
    await relay.advance(2 * HOUR_MS);
    expect(hoursSince(relay, from)).toHaveLength(3 + 4);
  });

  test("heals every pair of devices, and an account's own among each other", async () => {
    await using relay = createTestRelay();
    const { alice, chat } = await friends(relay);
    await linkedDevice(relay, alice);
    await chat.send("hello");
    await (alice.conversations.list.get()[0] as Conversation).send("hello back");
    await relay.advance(HOUR_MS);
    const from = relay.now().getTime();
    await relay.advance(26 * HOUR_MS);
    // Bob with each of Alice's devices, and these with each other.
    const count = hoursSince(relay, from).length;
    expect(count).toBe(15);
    await relay.advance(2 * DAY_MS);
    expect(hoursSince(relay, from).length).toBe(count);
  });
});

describe("a thief who copied a device and listens", { timeout: 60_000 }, () => {
  test.each(["Alice", "Bob"])("of %s's state reads until it has healed, and then neither reads nor recognises anything", async (victim) => {
    await using relay = createTestRelay();
    const storages = [memory(), memory()] as const;
    const { alice, chat } = await friends(relay, storages);
    await chat.send("before the theft");
    await relay.advance(HOUR_MS);
    const thief = await Thief.of(storages[victim === "Alice" ? 0 : 1], relay);
    const answer = alice.conversations.list.get()[0] as Conversation;
    await (victim === "Alice" ? chat : answer).send("readable");
    await relay.advance(0);
    // The search finds what there is to find.
    const before = await thief.look();
    expect([before.recognised, before.texts]).toEqual([1, ["before the theft", "readable"]]);
    await relay.advance(DAY_MS);
    await thief.look();
    for (const text of ["one", "two", "three"]) {
      await chat.send(text);
      await relay.advance(0);
      await answer.send(`${text} back`);
      await relay.advance(HOUR_MS);
    }
    await relay.advance(3 * DAY_MS);
    expect(await thief.look()).toEqual({ recognised: 0, texts: before.texts });
  });
});
