// The words: shown after the passphrase, asked back, and never needed to be shown twice.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

test("the words are seen, then asked back, and only right answers confirm them", async () => {
  const { client } = await world.person("Alice");
  expect(client.recovery.status.get()).toBe("unseen");
  const { words } = await client.recovery.reveal();
  expect([words.length, client.recovery.status.get()]).toEqual([24, "seen"]);
  const { positions, answer } = await client.recovery.challenge();
  expect(new Set(positions).size).toBe(3);
  const right = positions.map((position) => words[position - 1] as string);
  expect(await answer(right.toReversed())).toBe(false);
  expect(await answer(right.slice(1))).toBe(false);
  expect(client.recovery.status.get()).toBe("seen");
  expect(await answer(right.map((word) => ` ${word.toUpperCase()} `))).toBe(true);
  expect(client.recovery.status.get()).toBe("confirmed");
  await client.recovery.reveal();
  expect(client.recovery.status.get()).toBe("confirmed");
});

test("with a passphrase the account opens and the words are shown only to who knows it", { timeout: 60_000 }, async () => {
  const asked: string[] = [];
  let passphrase = "correct horse";
  const unlock = async (why: string): Promise<Uint8Array> => {
    asked.push(why);
    return utf8(passphrase);
  };
  const { client, storage } = await world.person("Alice", { unlock });
  passphrase = "wrong";
  await expect(client.recovery.reveal()).rejects.toMatchObject({ code: "storage/wrong-key", details: { reason: "passphrase-wrong" } });
  expect(client.recovery.status.get()).toBe("unseen");
  await client.close();
  await expect(world.reopen(storage as MemoryStorage, { unlock })).rejects.toMatchObject({ code: "storage/wrong-key" });
  await expect(world.reopen(storage as MemoryStorage)).rejects.toMatchObject({
    code: "storage/wrong-key",
    details: { reason: "passphrase-needed" },
  });
  passphrase = "correct horse";
  const again = await world.reopen(storage as MemoryStorage, { unlock });
  expect((await again.client.recovery.reveal()).words).toHaveLength(24);
  expect(asked).toEqual(["open", "reveal", "open", "open", "reveal"]);
});

test("a storage holds one account, and an erased one holds none", async () => {
  const { client, storage } = await world.person("Alice");
  await client.close();
  const disk = (storage as MemoryStorage).reopen();
  await expect(world.person("Bob", { storage: disk })).rejects.toMatchObject({ code: "account/exists", details: { id: client.id } });
  const again = await world.reopen(disk);
  await expect(again.client.erase({ confirm: "sotto1" as never })).rejects.toMatchObject({ code: "argument/invalid" });
  await again.client.erase({ confirm: client.id });
  await expect(world.reopen(disk)).rejects.toMatchObject({ code: "account/not-found" });
  await expect(again.client.updateProfile({ name: "x" })).rejects.toMatchObject({ code: "closed" });
});

test("a call whose signal was given before is refused with our own error", async () => {
  const { client } = await world.person("Alice");
  const signal = AbortSignal.abort();
  for (const call of [client.recovery.reveal({ signal }), client.updateProfile({ name: "x" }, { signal }), client.sync({ signal })]) {
    await expect(call).rejects.toMatchObject({ code: "aborted" });
  }
  expect(client.profile.get().name).toBe("Alice");
});
