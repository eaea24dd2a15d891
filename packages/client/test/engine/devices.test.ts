// Several devices of one account: how they come to be, and that each of them sees all that the others see.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Conversation } from "../../src/api.ts";
import { complaints, meet, messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";
import { TestNetwork } from "../support/network.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

/** Alice with a phone and a laptop, and Bob. */
async function household(
  mode: "link" | "transfer" = "link",
): Promise<{ phone: Person; laptop: Person; bob: Person; bobChat: Conversation }> {
  const { alice: phone, bob, bobChat } = await world.pair();
  const laptop = await world.device(phone, mode, { deviceName: "Laptop" });
  await settle(phone, laptop, bob, laptop, phone);
  return { phone, laptop, bob, bobChat };
}

describe("a linked device", { timeout: 60_000 }, () => {
  test("has contacts, history and names, and is in everybody's list", async () => {
    const { alice: phone, bob, bobChat, aliceChat } = await world.pair();
    await bobChat.send("one");
    await settle(bob, phone);
    await aliceChat.send("two");
    await aliceChat.contact?.rename("Bobby");
    const changes: string[] = [];
    bob.client.on("devices-changed", ({ contact, forked }) => changes.push(`${contact.name} ${forked}`));
    const laptop = await world.device(phone, "link", { deviceName: "Laptop" });
    await settle(phone, laptop, bob, laptop, phone);
    expect(laptop.client.id).toBe(phone.client.id);
    expect(await texts(onlyChat(laptop))).toEqual(["one", "two"]);
    expect(onlyChat(laptop).state.get()).toMatchObject({ name: "Bobby", unread: 1, phase: "open" });
    for (const { client } of [phone, laptop]) expect(client.devices.list.get().map(({ name }) => name)).toEqual(["Test device", "Laptop"]);
    expect(laptop.client.devices.list.get().map(({ current }) => current)).toEqual([false, true]);
    expect(laptop.client.recovery.status.get()).toBe("linked");
    await expect(laptop.client.recovery.reveal()).rejects.toMatchObject({ code: "recovery/not-here" });
    expect(changes).toEqual(["Alice false"]);
    expect([complaints(phone), complaints(laptop), complaints(bob)]).toEqual([[], [], []]);
  });

  test("writes and reads as the account, and all devices show the same", async () => {
    const { phone, laptop, bob, bobChat } = await household();
    await onlyChat(laptop).send("from the laptop");
    await settle(laptop, bob);
    await bobChat.send("to both");
    await settle(bob);
    await onlyChat(phone).send("from the phone");
    await settle(phone, bob, laptop, phone);
    const all = ["from the laptop", "to both", "from the phone"];
    for (const chat of [bobChat, onlyChat(phone), onlyChat(laptop)]) expect((await texts(chat)).toSorted()).toEqual(all.toSorted());
    const mine = (await messagesOf(onlyChat(laptop))).filter((message) => message.mine).map(({ text }) => text);
    expect(mine.toSorted()).toEqual(["from the laptop", "from the phone"]);
  });

  test("cannot add devices; one with the words can", async () => {
    const { laptop } = await household();
    await expect(world.device(laptop)).rejects.toMatchObject({ code: "device/not-root" });
    const { laptop: root, bob, bobChat } = await household("transfer");
    const tablet = await world.device(root, "link", { deviceName: "Tablet" });
    await settle(root, tablet, bob);
    await bobChat.send("hello all");
    await settle(bob, tablet);
    expect((await texts(onlyChat(tablet))).at(-1)).toBe("hello all");
    expect(root.client.recovery.status.get()).toBe("unseen");
  });

  test("learns whom the others meet, and of strangers whom they accept", async () => {
    const { phone, laptop } = await household();
    const carol = await world.person("Carol");
    await meet(laptop, carol);
    await settle(phone);
    expect(phone.client.contacts.list.get().map(({ name }) => name)).toEqual(["Bob", "Carol"]);
    await phone.client.address.publish();
    await settle(phone, laptop);
    const dave = await world.person("Dave");
    const chat = await (await dave.client.address.find(phone.client.id)).conversation();
    await chat.send("hi");
    await settle(dave, phone, laptop);
    expect(laptop.client.contacts.requests.get().map(({ from }) => from.name)).toEqual(["Dave"]);
    await phone.client.contacts.requests.get()[0]?.accept();
    await settle(phone, laptop, dave, laptop, phone);
    expect(laptop.client.contacts.requests.get()).toEqual([]);
    const onLaptop = laptop.client.conversations.list.get().find((one) => one.state.get().name === "Dave");
    expect(await texts(onLaptop as Conversation)).toEqual(["hi"]);
  });

  test("sees what a guest wrote to the inviting device alone", async () => {
    const { phone, laptop } = await household();
    const carol = await world.person("Carol");
    const { url } = await phone.client.invites.create();
    const chat = await carol.client.invites.accept(url);
    await chat.send("before you answered");
    await settle(carol, phone, laptop);
    const onLaptop = laptop.client.conversations.list.get().find((one) => one.state.get().name === "Carol");
    expect(await texts(onLaptop as Conversation)).toEqual(["before you answered"]);
    await (onLaptop as Conversation).send("the laptop answers");
    await settle(laptop, carol);
    expect(await texts(chat)).toEqual(["before you answered", "the laptop answers"]);
  });

  test("has what was written before its writer knew of it, although the hello before that was made later", async () => {
    const { phone, laptop } = await household();
    const carol = await world.person("Carol");
    const { url } = await carol.client.invites.create();
    // The laptop knows of Carol before she has heard of Alice: what it writes waits for the one device of hers that it knows.
    phone.network.answered = ({ pathname }, { method }) => {
      if (method === "POST" && pathname === "/v1/cells") phone.network.cut();
    };
    await phone.client.invites.accept(url);
    await settle(laptop);
    const chat = laptop.client.conversations.list.get().find((one) => one.state.get().name === "Carol") as Conversation;
    await chat.send("early");
    const tablet = await world.device(carol, "link", { deviceName: "Tablet" });
    await settle(carol, tablet);
    phone.network.answered = undefined;
    phone.network.heal();
    await settle(phone, carol, tablet, phone, laptop, carol, tablet);
    for (const one of [carol, tablet]) expect(await texts(onlyChat(one))).toEqual(["early"]);
  });

  test("shares verification, names and notes", async () => {
    const { phone, laptop } = await household();
    await onlyChat(phone).contact?.setVerified(true);
    await settle(phone, laptop);
    expect(onlyChat(laptop).state.get().trust).toBe("verified");
    await laptop.client.updateProfile({ name: "Alicia" });
    await (await laptop.client.conversations.notes()).send("milk");
    await settle(laptop, phone);
    expect(phone.client.profile.get().name).toBe("Alicia");
    expect(await texts(await phone.client.conversations.notes())).toEqual(["milk"]);
  });

  test("is completed although the old device stopped right after the hand-over", async () => {
    const { alice: phone, bob, bobChat } = await world.pair();
    // The phone's network dies when the hand-over is on the board: it hears neither the acknowledgement nor the join.
    let left = false;
    phone.network.answered = ({ pathname }, { method }) => {
      if (left && pathname === "/v1/cells") phone.network.cut();
      if (pathname.startsWith("/v1/blobs/") && method === "PUT") left = true;
    };
    const laptop = await world.device(phone, "link", { deviceName: "Laptop", alone: true });
    await laptop.client.sync();
    const phrase = (await phone.client.recovery.reveal()).words.join(" ");
    const tooEarly = [
      onlyChat(laptop).send("too early"),
      laptop.client.relays.set(["http://other.test"]),
      laptop.client.devices.revoke(phone.client.devices.list.get()[0]?.id as never, { phrase }),
    ];
    for (const attempt of tooEarly) await expect(attempt).rejects.toMatchObject({ code: "device/not-listed" });
    world.abandon(phone);
    const again = await world.reopen(phone.storage as never);
    await settle(again, laptop, bob, laptop);
    await onlyChat(laptop).send("complete");
    await settle(laptop, bob);
    expect(await texts(bobChat)).toEqual(["complete"]);
  });

  test("agrees with the old one, whatever either does before the new one is listed", async () => {
    const { alice: phone, bob, bobChat } = await world.pair();
    await bobChat.send("one");
    await settle(bob, phone);
    // What Bob says of himself comes later than he says it, by his clock before the hand-over.
    bob.network.cut();
    await bob.client.updateProfile({ name: "Robert" });
    let left = false;
    phone.network.answered = ({ pathname }, { method }) => {
      if (left && pathname === "/v1/cells") phone.network.cut();
      if (pathname.startsWith("/v1/blobs/") && method === "PUT") left = true;
    };
    const laptop = await world.device(phone, "link", { deviceName: "Laptop", alone: true });
    await laptop.client.sync();
    await onlyChat(phone).markRead();
    await onlyChat(phone).update({ pinned: true });
    await laptop.client.updateProfile({ name: "Alicia" });
    bob.network.heal();
    await settle(bob);
    world.abandon(phone);
    const again = await world.reopen(phone.storage as never);
    await settle(again, laptop, bob, again, laptop, bob);
    for (const one of [again, laptop]) {
      expect(onlyChat(one).state.get()).toMatchObject({ name: "Robert", unread: 0, pinned: true });
      expect(one.client.profile.get().name).toBe("Alicia");
    }
    expect(bobChat.state.get().name).toBe("Alicia");
  });

  test("hears of a name from the old one, when its owner did not know of the new one yet", async () => {
    const { alice: phone, bob } = await world.pair();
    await bob.client.updateProfile({ name: "Rob" });
    await settle(bob, phone);
    bob.network.cut();
    const laptop = await world.device(phone, "link", { deviceName: "Laptop" });
    await bob.client.updateProfile({ name: "Robert" });
    bob.network.heal();
    await settle(bob, phone, laptop, bob, phone, laptop);
    for (const one of [phone, laptop]) expect(onlyChat(one).state.get().name).toBe("Robert");
  });

  test("that was linked between an invite's claim and the guest's card is met by the guest", async () => {
    const [phone, bob] = [await world.person("Alice"), await world.person("Bob")];
    // The list of two devices leaves no room in a claim for a bundle.
    const tablet = await world.device(bob);
    const { url } = await phone.client.invites.create();
    const bobChat = await bob.client.invites.accept(url);
    await settle(bob);
    bob.network.cut();
    await settle(phone);
    const laptop = await world.device(phone);
    bob.network.heal();
    const all = [bob, tablet, phone, laptop];
    await settle(...all, ...all, ...all);
    await bobChat.send("to both");
    await onlyChat(laptop).send("from the laptop");
    await settle(...all, ...all);
    for (const chat of [onlyChat(phone), onlyChat(laptop), bobChat, onlyChat(tablet)]) {
      expect((await texts(chat)).toSorted()).toEqual(["from the laptop", "to both"]);
    }
  });

  test("that was handed an account which was asking somebody hears of the answer that came before it was signed in", async () => {
    const [phone, bob] = [await world.person("Alice"), await world.person("Bob")];
    const { url } = await bob.client.invites.create();
    bob.network.cut();
    await phone.client.invites.accept(url);
    await settle(phone);
    // Bob's answer reaches the phone when the account is handed over and the laptop has not come back yet.
    const network = new TestNetwork();
    network.before = async ({ pathname }) => {
      if (!pathname.startsWith("/v1/blobs/")) return;
      network.before = undefined;
      bob.network.heal();
      await settle(bob, phone);
    };
    const laptop = await world.device(phone, "link", { network });
    await settle(bob, phone, laptop, bob, phone, laptop);
    await onlyChat(bob).send("to both");
    await onlyChat(laptop).send("from the laptop");
    await settle(bob, laptop, bob, laptop, phone);
    for (const device of [phone, laptop, bob]) expect((await texts(onlyChat(device))).toSorted()).toEqual(["from the laptop", "to both"]);
  });

  test("hears of what came to the old device together with the join", async () => {
    const { alice: phone, bob, bobChat } = await world.pair();
    let left = false;
    phone.network.answered = ({ pathname }, { method }) => {
      if (left && pathname === "/v1/cells") phone.network.cut();
      if (pathname.startsWith("/v1/blobs/") && method === "PUT") left = true;
    };
    // Bob writes when the phone is gone and the laptop has not asked to be signed in yet.
    const network = new TestNetwork();
    network.before = async ({ pathname }) => {
      if (!pathname.startsWith("/v1/blobs/")) return;
      await bobChat.send("meanwhile");
      await bob.client.sync();
    };
    const laptop = await world.device(phone, "link", { alone: true, network });
    await laptop.client.sync();
    world.abandon(phone);
    const again = await world.reopen(phone.storage as never);
    await settle(again, laptop, bob, laptop);
    for (const device of [again, laptop]) expect(await texts(onlyChat(device))).toEqual(["meanwhile"]);
  });
});

describe("a restored account", { timeout: 60_000 }, () => {
  test("is the same account with one more device, and hears from the old one whom it knows", async () => {
    const { alice: phone, bob, bobChat } = await world.pair();
    await phone.client.address.publish();
    await onlyChat(phone).setDraft("not yet said");
    await onlyChat(phone).update({ pinned: true });
    const { words } = await phone.client.recovery.reveal();
    const restored = await world.restored(words, { deviceName: "New phone" });
    await settle(restored, phone, restored, bob, restored);
    expect(restored.client.id).toBe(phone.client.id);
    expect(onlyChat(restored).state.get()).toMatchObject({ draft: "not yet said", pinned: true });
    expect(restored.client.contacts.list.get().map(({ name }) => name)).toEqual(["Bob"]);
    await bobChat.send("welcome back");
    await settle(bob, restored, phone);
    for (const person of [restored, phone]) expect((await texts(onlyChat(person))).at(-1)).toBe("welcome back");
    await onlyChat(restored).send("thanks");
    await settle(restored, bob);
    expect((await texts(bobChat)).at(-1)).toBe("thanks");
  });

  test("without anything in the directory is still found by who is written to", async () => {
    const { alice: phone, bob, bobChat } = await world.pair();
    const { words } = await phone.client.recovery.reveal();
    await phone.client.close();
    const restored = await world.restored(words);
    const { url } = await bob.client.invites.create();
    const chat = await restored.client.invites.accept(url);
    await chat.send("I lost my phone");
    await settle(restored, bob, restored);
    expect(await texts(bobChat)).toEqual(["I lost my phone"]);
    await bobChat.send("good that you are back");
    await settle(bob, restored);
    expect((await texts(chat)).at(-1)).toBe("good that you are back");
  });

  test("is refused with the word that is wrong", async () => {
    const alice = await world.person("Alice");
    const { words } = await alice.client.recovery.reveal();
    const wrong = words.with(3, "abandonn");
    await expect(world.restored(wrong)).rejects.toMatchObject({ code: "phrase/bad-word", details: { position: 4 } });
    await expect(world.restored(words.slice(1))).rejects.toMatchObject({ code: "phrase/bad-length" });
  });
});

test("a linked device shows of the past how far each message got", { timeout: 60_000 }, async () => {
  const { alice: phone, aliceChat, bob } = await world.pair();
  await aliceChat.send("delivered");
  await settle(phone, bob);
  await onlyChat(bob).send("so receipts ride along");
  await settle(bob, phone);
  await bob.client.close();
  await aliceChat.send("sent");
  await settle(phone);
  const laptop = await world.device(phone, "link");
  const stateOf = async (device: Person): Promise<readonly unknown[]> =>
    (await messagesOf(onlyChat(device))).map(({ text, status }) => [text, status.state, status.state === "delivered" && status.at]);
  const shown = await stateOf(phone);
  expect(shown.map((row) => (row as unknown[])[1])).toEqual(["delivered", "delivered", "sent"]);
  expect(await stateOf(laptop)).toEqual(shown);
});

test("a linked device that was closed meanwhile catches up", { timeout: 60_000 }, async () => {
  const { phone, laptop, bob, bobChat } = await household();
  await laptop.client.close();
  for (let i = 0; i < 20; i++) await bobChat.send(`message ${i}`);
  await settle(bob, phone);
  await onlyChat(phone).send("answer");
  await settle(phone);
  const again = await world.reopen(laptop.storage as never);
  await settle(again);
  expect(await texts(onlyChat(again))).toHaveLength(21);
  expect(complaints(again)).toEqual([]);
});
