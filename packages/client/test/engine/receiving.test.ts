// What receiving takes is loaded once an account is open: when it cannot be, the account works as without a network, until it can.

import { afterEach, expect, test, vi } from "vitest";
import { MessengerError } from "../../src/errors.ts";
import { later } from "../../src/later.ts";
import { LOAD_RETRY_MS } from "../../src/limits.ts";
import { memory } from "../../src/storage/memory.ts";
import { createTestRelay, type TestRelay } from "../../src/testing/node.ts";

afterEach(() => void vi.restoreAllMocks());

/** Alice, opened again with a message of Bob's on the board, while the part for receiving cannot be loaded the first time. */
async function openedWithout(relay: TestRelay) {
  const storage = memory();
  const before = await relay.client("Alice", { storage });
  const bob = await relay.client("Bob");
  const chat = await bob.invites.accept((await before.invites.create()).url);
  await relay.advance(0);
  await before.close();
  await chat.send("are you there?");
  // The test relay loads everything before it opens an account.
  const all = await later.receiving();
  vi.spyOn(later, "receiving").mockResolvedValueOnce(all).mockRejectedValueOnce(new TypeError("no such file"));
  const alice = await relay.client("Alice", { storage });
  const errors: string[] = [];
  alice.on("error", ({ code }) => errors.push(code));
  return { alice, bob, errors, chat: alice.conversations.list.get()[0] };
}

const textsOf = async (chat: Awaited<ReturnType<typeof openedWithout>>["chat"]): Promise<unknown> =>
  (await chat?.history())?.items.map(({ text }) => text);

test("an account that cannot load it shows its chats, and receives when the pause is over", async () => {
  await using relay = createTestRelay();
  const { alice, bob, chat } = await openedWithout(relay);
  const retryAt = new Date(relay.now().getTime() + LOAD_RETRY_MS);
  expect(alice.connection.get()).toEqual({ state: "connecting", attempt: 1, retryAt });
  await chat?.send("I will be");
  await relay.advance(LOAD_RETRY_MS - 1);
  expect(await textsOf(chat)).toEqual(["I will be"]);
  await relay.advance(1);
  expect(alice.connection.get().state).toBe("online");
  expect(await textsOf(chat)).toEqual(expect.arrayContaining(["are you there?", "I will be"]));
  expect((await bob.conversations.list.get()[0]?.history())?.items.map(({ text }) => text)).toContain("I will be");
});

test("a sync loads it at once; one that waits hears when it cannot be", async () => {
  await using relay = createTestRelay();
  const { alice, chat } = await openedWithout(relay);
  vi.mocked(later.receiving).mockRejectedValueOnce(new TypeError("no such file"));
  await expect(alice.sync()).rejects.toSatisfy((error) => MessengerError.is(error, "internal"));
  await alice.sync();
  expect(await textsOf(chat)).toEqual(["are you there?"]);
});

test("nothing is loaded, or tried again, for an account that is closed", async () => {
  await using relay = createTestRelay();
  const { alice, errors } = await openedWithout(relay);
  const calls = vi.mocked(later.receiving).mock.calls.length;
  await alice.close();
  await relay.advance(LOAD_RETRY_MS);
  expect(vi.mocked(later.receiving).mock.calls).toHaveLength(calls);
  expect(errors).toEqual([]);
});
