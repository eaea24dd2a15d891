// The relay that apps test with: two people talk on it, time and faults are the test's, and it is the same every time.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Client, Conversation } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import { Rest } from "../../src/testing/rest.ts";
import { createTestRelay, type Faults, type TestRelay } from "../../src/testing/node.ts";

const MINUTE_MS = 60_000;

/** Alice and Bob, who have met, and Bob's conversation. */
async function pair(relay: TestRelay): Promise<{ alice: Client; bob: Client; chat: Conversation }> {
  const [alice, bob] = [await relay.client("Alice"), await relay.client("Bob")];
  const chat = await bob.invites.accept((await alice.invites.create()).url);
  await relay.advance(0);
  return { alice, bob, chat };
}

async function texts(client: Client): Promise<string[]> {
  const [chat] = client.conversations.list.get();
  return ((await chat?.history())?.items ?? []).map(({ text }) => text);
}

/** Everything the relay saw, a line for each: what is equal here was equal byte for byte. */
function traceOf({ seen }: TestRelay): string[] {
  return seen.map(({ at, request, shard, bytes }) => `${at} ${request} ${shard} ${createHash("sha256").update(bytes).digest("hex")}`);
}

test("two people talk", async () => {
  await using relay = createTestRelay();
  const { alice, bob, chat } = await pair(relay);
  await chat.send("hello world");
  for await (const message of alice.messages()) {
    expect([message.sender.name, message.text]).toEqual(["Bob", "hello world"]);
    await message.conversation.send("hello Bob");
    break;
  }
  await relay.advance(0);
  expect(await texts(bob)).toEqual(["hello world", "hello Bob"]);
});

test("a client comes at rest and online", async () => {
  await using relay = createTestRelay();
  const alice = await relay.client("Alice");
  expect(alice.connection.get()).toEqual({ state: "online", since: relay.now(), relay: relay.url });
  expect(relay.now()).toEqual(new Date(Date.UTC(2026, 0, 1)));
});

test("the same seed does the same, byte for byte; another one does not", async () => {
  const life = async (random: number): Promise<string[]> => {
    await using relay = createTestRelay({ random });
    const { alice, chat } = await pair(relay);
    relay.fault({ delay: 50, drop: 0.05, reorder: 0.3, duplicate: 0.2 });
    for (let i = 0; i < 5; i++) await chat.send(`message ${i}`);
    await relay.advance(30 * MINUTE_MS);
    expect((await texts(alice)).toSorted()).toEqual(Array.from({ length: 5 }, (_, i) => `message ${i}`));
    return traceOf(relay);
  };
  const first = await life(7);
  expect(await life(7)).toEqual(first);
  expect(await life(8)).not.toEqual(first);
});

describe("time", () => {
  test("passes only when it is told to: a receipt that nothing carries comes within 20 minutes", async () => {
    await using relay = createTestRelay();
    const { chat } = await pair(relay);
    const message = await chat.send("hello");
    await message.sent;
    await relay.advance(9 * MINUTE_MS);
    expect(message.status).toEqual({ state: "sent", at: expect.any(Date) as Date });
    await relay.advance(11 * MINUTE_MS);
    expect(message.status.state).toBe("delivered");
  });

  test("runs out for an invite", async () => {
    await using relay = createTestRelay();
    const [alice, bob] = [await relay.client("Alice"), await relay.client("Bob")];
    const { url } = await alice.invites.create({ expiresIn: "1h" });
    await relay.advance(61 * MINUTE_MS);
    await expect(bob.invites.accept(url)).rejects.toMatchObject({ code: "invite/expired" });
  });
});

describe("faults", () => {
  test.each<[string, Partial<Faults>]>([
    ["lost", { drop: 0.3 }],
    ["late", { delay: 3_000 }],
    ["overtaken", { reorder: 0.8, delay: 100 }],
    ["doubled", { duplicate: 1 }],
    ["all of it", { drop: 0.1, delay: 500, reorder: 0.3, duplicate: 0.3 }],
  ])("nothing is lost and nothing comes twice when requests are %s", async (_, faults) => {
    await using relay = createTestRelay({ random: 3 });
    const { alice, bob, chat } = await pair(relay);
    relay.fault(faults);
    const expected = Array.from({ length: 6 }, (_value, i) => `message ${i}`);
    for (const text of expected) await chat.send(text);
    await relay.advance(30 * MINUTE_MS);
    expect(await texts(alice)).toEqual(expected);
    expect(await texts(bob)).toEqual(expected);
  });

  test("of one client leave the other alone", async () => {
    await using relay = createTestRelay();
    const { alice, bob, chat } = await pair(relay);
    relay.fault({ offline: true }, alice);
    await relay.advance(MINUTE_MS);
    expect(alice.connection.get()).toMatchObject({ state: "offline" });
    expect(bob.connection.get()).toMatchObject({ state: "online" });
    await (
      await chat.send("while you were away")
    ).sent;
    relay.fault({ offline: false });
    await relay.advance(MINUTE_MS);
    expect(await texts(alice)).toEqual(["while you were away"]);
  });

  test("reach clients that come later, and stay until they are changed", async () => {
    await using relay = createTestRelay();
    relay.fault({ offline: true });
    relay.fault({ delay: 100 });
    const alice = await relay.client("Alice");
    await relay.advance(MINUTE_MS);
    expect(alice.connection.get().state).toBe("offline");
    relay.fault({ offline: false });
    await relay.advance(MINUTE_MS);
    expect(alice.connection.get().state).toBe("online");
  });

  test.each([{ drop: 2 }, { duplicate: -1 }, { reorder: Number.NaN }, { delay: -1 }, { delay: Infinity }])(
    "%j is refused and changes nothing",
    async (faults) => {
      await using relay = createTestRelay();
      const alice = await relay.client("Alice");
      expect(() => relay.fault({ offline: true, ...faults })).toThrow(expect.objectContaining({ code: "argument/invalid" }));
      await relay.advance(0);
      expect(alice.connection.get().state).toBe("online");
    },
  );
});

describe("what the relay saw", () => {
  test("is every byte, each with its meaning, and nothing of what was said", async () => {
    await using relay = createTestRelay();
    const { alice, bob, chat } = await pair(relay);
    await chat.send("the secret of the house");
    await relay.advance(0);
    for (const text of ["the secret", "Alice", "Bob", alice.id, bob.id]) expect(relay.saw(text), text).toBeUndefined();
    const cells = relay.seen.filter(({ tag }) => tag !== "");
    expect(cells.length).toBeGreaterThan(3);
    expect(new Set(cells.map(({ tag }) => tag)).size).toBe(cells.length);
    for (const { bytes, size, fields } of relay.seen) {
      expect(size).toBe(bytes.length);
      expect(fields.reduce((end, { offset, length }) => (expect(offset).toBe(end), end + length), 0)).toBe(size);
    }
  });

  test("is found when something does leak", async () => {
    await using relay = createTestRelay();
    const alice = await relay.client("Alice");
    await alice.address.publish({ handle: "alice" });
    expect(relay.saw("alice")?.request).toBe("PUT /v1/handles/alice");
    const { bytes } = relay.seen.find(({ request }) => request.startsWith("PUT /v1/handles")) as { bytes: Uint8Array };
    expect(relay.saw(bytes.slice(3, 20))).toBeDefined();
  });
});

describe("a device", () => {
  test("that is restarted goes on where it was", async () => {
    await using relay = createTestRelay();
    const storage = memory();
    const alice = await relay.client("Alice", { storage });
    const bob = await relay.client("Bob");
    const chat = await bob.invites.accept((await alice.invites.create()).url);
    await relay.advance(0);
    await alice.close();
    await chat.send("are you there?");
    const again = await relay.client("Alice", { storage });
    expect(again.id).toBe(alice.id);
    expect(await texts(again)).toEqual(["are you there?"]);
  });

  test("is linked by a code", async () => {
    await using relay = createTestRelay();
    const { alice, chat } = await pair(relay);
    const join = await relay.sdk.joinAsDevice({ relay: relay.url, deviceName: "Phone" });
    const request = await alice.devices.scan(join.qr.text);
    const approved = request.approve({ code: await join.checkCode });
    join.state.subscribe((state) => void (state === "reply" && join.confirm(request.replyCode.get() ?? "")));
    const [phone] = await Promise.all([join.client, approved]);
    await chat.send("to both of your devices");
    await relay.advance(0);
    expect(await texts(phone)).toEqual(["to both of your devices"]);
    await phone.close();
  });
});

describe("rest", () => {
  test("waits for a storage that is slow", async () => {
    await using relay = createTestRelay();
    const inner = memory();
    const slow = { ...inner, keeper: inner.keeper, batch: async (ops: never) => (await turns(20), await inner.batch(ops)) };
    const alice = await relay.client("Alice", { storage: slow });
    const bob = await relay.client("Bob");
    const chat = await bob.invites.accept((await alice.invites.create()).url);
    await chat.send("hello");
    await relay.advance(0);
    expect(await texts(alice)).toEqual(["hello"]);
  });

  test("is refused when there is none", async () => {
    const rest = new Rest(100);
    const restless = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) {
        rest.moved();
        await turns(1);
      }
    };
    const moving = restless();
    await expect(rest.reached()).rejects.toMatchObject({ code: "argument/invalid" });
    await moving;
    await rest.reached();
  });
});

test("an app that opens accounts itself finds them again", async () => {
  await using relay = createTestRelay();
  const { createAccount, listAccounts, openAccount } = relay.sdk;
  const alice = await createAccount({ relay: relay.url, name: "Alice" });
  await alice.close();
  expect(await listAccounts()).toEqual([{ id: alice.id, name: "Alice" }]);
  await using again = await openAccount({ relay: relay.url, id: alice.id });
  expect(again.id).toBe(alice.id);
});

test("a clock does not go back", async () => {
  await using relay = createTestRelay();
  for (const ms of [-1, Number.NaN, Infinity]) await expect(relay.advance(ms)).rejects.toMatchObject({ code: "argument/invalid" });
});

/** Some turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
