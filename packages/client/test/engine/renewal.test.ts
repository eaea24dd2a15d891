// "My device may be compromised": whoever copied the device neither reads nor recognises what comes after, and nobody else loses anything (spec/08).

import { expect, test } from "vitest";
import type { Client, Conversation } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import { createTestRelay } from "../../src/testing/node.ts";
import { linkedDevice } from "../support/linked-device.ts";
import { Thief } from "../support/thief.ts";
import { texts } from "../support/world.ts";

const HOUR_MS = 60 * 60 * 1000;
const chatOf = ({ conversations }: Client): Conversation => conversations.list.get()[0] as Conversation;

test("a device becomes another one: contacts and own devices go on, a thief of the old one is out", { timeout: 60_000 }, async () => {
  await using relay = createTestRelay();
  const storage = memory();
  let alice = await relay.client("Alice", { storage });
  const bob = await relay.client("Bob");
  await bob.invites.accept((await alice.invites.create()).url);
  await relay.advance(0);
  const laptop = await linkedDevice(relay, alice);
  await relay.advance(HOUR_MS);
  await chatOf(alice).send("before");
  await chatOf(bob).send("the answer");
  await relay.advance(HOUR_MS);
  const open = await alice.invites.create();

  const thief = await Thief.of(storage, relay);
  await chatOf(bob).send("the thief reads this");
  await relay.advance(0);
  const known = await thief.look();
  expect(known).toEqual({ recognised: 1, texts: ["before", "the answer", "the thief reads this"] });

  // On the board already; what he writes next is lost on its way, and until he gives up its answer he hears of the new device.
  await chatOf(bob).send("written before he knew");
  await relay.advance(0);
  relay.fault({ drop: 1 }, bob);
  await chatOf(bob).send("written while Alice renewed");
  const [before] = alice.devices.list.get().filter(({ current }) => current);
  await alice.recovery.renewDevice();
  await chatOf(alice).send("the first word of the new device");
  await relay.advance(0);
  relay.fault({ drop: 0 }, bob);
  await relay.advance(HOUR_MS);
  // What was sealed before its author heard of the new device is the last that the thief reads.
  const last = [...known.texts, "written before he knew"];
  expect((await thief.look()).texts).toEqual(last);

  for (const text of ["one", "two"]) {
    await chatOf(bob).send(text);
    await chatOf(alice).send(`${text} back`);
    await chatOf(laptop).send(`${text} from the laptop`);
    await relay.advance(HOUR_MS);
  }
  expect(await thief.look()).toEqual({ recognised: 0, texts: last });

  const all = [
    ...known.texts,
    "written before he knew",
    "written while Alice renewed",
    "the first word of the new device",
    "one",
    "one back",
    "one from the laptop",
    "two",
    "two back",
    "two from the laptop",
  ];
  await alice.close();
  alice = await relay.client("Alice", { storage });
  await relay.advance(HOUR_MS);
  for (const client of [alice, bob, laptop]) expect((await texts(chatOf(client))).toSorted()).toEqual(all.toSorted());
  const [after] = alice.devices.list.get().filter(({ current }) => current);
  expect([before?.id === after?.id, before?.name === after?.name, alice.devices.list.get().length]).toEqual([false, true, 2]);
  expect(bob.devices.list.get()).toHaveLength(1);
  await expect(bob.invites.accept(open.url)).resolves.toBeDefined();
  expect(alice.invites.list.get()).toEqual([]);
});

test("a contact that was not there since the invite, and whose prekeys nobody knows, is reached", async () => {
  await using relay = createTestRelay();
  const disk = memory();
  const alice = await relay.client("Alice");
  let bob = await relay.client("Bob", { storage: disk });
  const { url } = await alice.invites.create();
  await relay.advance(0);
  relay.fault({ offline: true }, alice);
  await bob.invites.accept(url);
  await chatOf(bob).send("hello");
  await relay.advance(0);
  await bob.close();
  relay.fault({ offline: false }, alice);
  await relay.advance(HOUR_MS);
  await chatOf(alice).send("of the old device");
  await relay.advance(0);
  await alice.recovery.renewDevice();
  await chatOf(alice).send("of the new device");
  await relay.advance(0);

  bob = await relay.client("Bob", { storage: disk.reopen() });
  await relay.advance(HOUR_MS);
  await chatOf(bob).send("and back");
  await relay.advance(HOUR_MS);
  const all = ["hello", "of the old device", "of the new device", "and back"];
  for (const client of [alice, bob]) expect((await texts(chatOf(client))).toSorted()).toEqual(all.toSorted());
});
