// Random lives in which devices lose their sessions again and again (spec/08): at the end every device has every message.

import { expect, test } from "vitest";
import type { Client, Conversation } from "../../src/api.ts";
import { type MemoryStorage, memory } from "../../src/storage/memory.ts";
import { Chance } from "../../src/testing/chance.ts";
import { createTestRelay } from "../../src/testing/node.ts";
import { linkedDevice } from "../support/linked-device.ts";
import { loseTable } from "../support/lost-sessions.ts";
import { texts } from "../support/world.ts";

const MINUTE_MS = 60_000;
const STEPS = 25;
const chatOf = ({ conversations }: Client): Conversation => conversations.list.get()[0] as Conversation;

test.each([1, 2, 3])("whoever loses sessions, whenever, nobody loses a message (seed %i)", { timeout: 60_000 }, async (seed) => {
  await using relay = createTestRelay({ random: seed });
  const chance = new Chance(seed, "life");
  const storages: MemoryStorage[] = [memory(), memory()];
  const clients = [
    await relay.client("Alice", { storage: storages[0] as MemoryStorage }),
    await relay.client("Bob", { storage: storages[1] as MemoryStorage }),
  ];
  const [alice, bob] = clients as [Client, Client];
  await bob.invites.accept((await alice.invites.create()).url);
  await relay.advance(0);
  const laptop = await linkedDevice(relay, alice);
  const written: string[] = [];
  let losses = 0;
  for (let step = 0; step < STEPS; step++) {
    const index = Math.floor(chance.next() * 2);
    if (chance.next() < 0.7) {
      const writer = chance.next() < 0.2 ? laptop : (clients[index] as Client);
      written.push(`${step}`);
      await chatOf(writer).send(`${step}`);
      await relay.advance(Math.floor(chance.next() * 10) * MINUTE_MS);
    } else {
      const storage = storages[index] as MemoryStorage;
      losses += await loseTable({ client: clients[index] as Client, storage });
      storages[index] = storage.reopen();
      clients[index] = await relay.client(index === 0 ? "Alice" : "Bob", { storage: storages[index] as MemoryStorage });
      await relay.advance(Math.floor(chance.next() * 90) * MINUTE_MS);
    }
  }
  await relay.advance(180 * MINUTE_MS);
  expect(losses).toBeGreaterThan(3);
  for (const client of [...clients, laptop]) expect((await texts(chatOf(client))).toSorted()).toEqual(written.toSorted());
});
