// People whose homes are different relays: each reads at home and writes to the other's.

import { afterAll, beforeAll, expect, test } from "vitest";
import { complaints, meet, onlyChat, settle, texts, World } from "../support/world.ts";

let home: World;
let abroad: World;
beforeAll(async () => void ([home, abroad] = await Promise.all([World.open(), World.open()])));
afterAll(async () => void (await Promise.all([home.close(), abroad.close()])));

test("two people of two relays meet and talk", { timeout: 60_000 }, async () => {
  const [alice, bob] = [await home.person("Alice"), await abroad.person("Bob")];
  const bobChat = await meet(alice, bob);
  await bobChat.send("from abroad");
  await settle(bob, alice);
  await onlyChat(alice).send("from home");
  await settle(alice, bob);
  expect(await texts(bobChat)).toEqual(["from abroad", "from home"]);
  expect([complaints(alice), complaints(bob)]).toEqual([[], []]);
});

test(
  "a relay that is down keeps nothing from others, and own devices know a guest before the guest is answered",
  { timeout: 60_000 },
  async () => {
    const phone = await home.person("Alice");
    const laptop = await home.device(phone);
    const bob = await abroad.person("Bob");
    const neighbour = await home.person("Neighbour");
    await meet(phone, neighbour);
    await settle(phone, laptop);
    const { url } = await phone.client.invites.create();
    await bob.client.invites.accept(url);
    await settle(bob, phone, laptop);
    expect(laptop.client.contacts.list.get().map(({ name }) => name)).toEqual(["Bob", "Neighbour"]);
    const back = await abroad.stopRelay();
    const toBob = phone.client.conversations.list.get().find((chat) => chat.state.get().name === "Bob");
    const toNeighbour = phone.client.conversations.list.get().find((chat) => chat.state.get().name === "Neighbour");
    const waiting = await toBob?.send("for later");
    const passing = await toNeighbour?.send("for now");
    await passing?.sent;
    expect(waiting?.status.state).toBe("queued");
    await back();
    phone.client.sync().catch(() => undefined);
    await waiting?.sent;
    await settle(bob);
    expect((await texts(onlyChat(bob))).at(-1)).toBe("for later");
  },
);
