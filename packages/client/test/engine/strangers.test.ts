// People who were not invited: they find a public address and ask; nothing of theirs is shown before it is accepted.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountFromPhrase, newPhrase, parseAccountId } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { encodeHandleAnswer } from "@sotto/wire";
import type { ContactRequest, Conversation } from "../../src/api.ts";
import { complaints, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

let handles = 0;

/** Bob writes to Alice, who is published under a handle. */
async function ask(first = "I am Bob"): Promise<{ alice: Person; bob: Person; bobChat: Conversation; handle: string }> {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const handle = `alice_${handles++}`;
  await alice.client.address.publish({ handle });
  const bobChat = await (await bob.client.address.find(`@${handle}`)).conversation();
  await bobChat.send(first);
  await settle(bob, alice);
  return { alice, bob, bobChat, handle };
}

function request(person: Person): ContactRequest {
  const [waiting] = person.client.contacts.requests.get();
  if (waiting === undefined) throw new Error("nobody asks");
  return waiting;
}

describe("a stranger", { timeout: 60_000 }, () => {
  test("is announced by name, and nothing of theirs is shown", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    await alice.client.address.publish();
    const events: string[] = [];
    alice.client.on("request", ({ from }) => events.push(from.name));
    alice.client.on("message", ({ text }) => events.push(text));
    const chat = await (await bob.client.address.find(alice.client.id)).conversation();
    await chat.send("look at me");
    await settle(bob, alice);
    expect(events).toEqual(["Bob"]);
    expect([alice.client.conversations.list.get(), alice.client.contacts.list.get()]).toEqual([[], []]);
    expect(chat.state.get().phase).toBe("asking");
  });

  test("who is accepted is heard from the beginning, and answered", async () => {
    const { alice, bob, bobChat } = await ask();
    await bobChat.send("and another thing");
    await settle(bob, alice);
    const chat = await request(alice).accept();
    expect(await texts(chat)).toEqual(["I am Bob", "and another thing"]);
    await chat.send("welcome");
    await settle(alice, bob, alice);
    expect(await texts(bobChat)).toEqual(["I am Bob", "and another thing", "welcome"]);
    expect(bobChat.state.get()).toMatchObject({ phase: "open", name: "Alice", trust: "unverified" });
    expect([alice.client.contacts.requests.get(), complaints(alice), complaints(bob)]).toEqual([[], [], []]);
  });

  test("who is accepted only after a restart is heard all the same", async () => {
    const { alice } = await ask();
    await alice.client.close();
    const again = await world.reopen(alice.storage as never);
    const chat = await request(again).accept();
    expect(await texts(chat)).toEqual(["I am Bob"]);
  });

  test("who is declined is not heard, is told nothing, and may ask again", async () => {
    const { alice, bob, bobChat } = await ask();
    await request(alice).decline();
    await bobChat.send("hello?");
    await settle(bob, alice);
    expect([alice.client.contacts.requests.get(), alice.client.conversations.list.get()]).toEqual([[], []]);
    expect(bobChat.state.get().phase).toBe("asking");
  });

  test("who is blocked is not heard of again", async () => {
    const { alice, bob } = await ask();
    await request(alice).decline({ block: true });
    const { words } = await bob.client.recovery.reveal();
    const bobAgain = await world.restored(words);
    const chat = await (await bobAgain.client.address.find(alice.client.id)).conversation();
    await chat.send("it is me again");
    await settle(bobAgain, alice);
    expect(alice.client.contacts.requests.get()).toEqual([]);
  });

  test("cannot be answered twice", async () => {
    const { alice } = await ask();
    const waiting = request(alice);
    await waiting.accept();
    await expect(waiting.accept()).rejects.toMatchObject({ code: "argument/invalid" });
    await expect(waiting.decline()).rejects.toMatchObject({ code: "argument/invalid" });
  });

  test("who asks whom he is asked by, is a friend", async () => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    for (const person of [alice, bob]) await person.client.address.publish();
    const toBob = await (await alice.client.address.find(bob.client.id)).conversation();
    const toAlice = await (await bob.client.address.find(alice.client.id)).conversation();
    await toBob.send("hi Bob");
    await toAlice.send("hi Alice");
    await settle(alice, bob, alice, bob);
    expect([toBob.state.get().phase, toAlice.state.get().phase]).toEqual(["open", "open"]);
    expect((await texts(toBob)).toSorted()).toEqual(["hi Alice", "hi Bob"]);
    expect((await texts(toAlice)).toSorted()).toEqual(["hi Alice", "hi Bob"]);
  });

  test("sends nothing before the first message", async () => {
    const { alice, bob } = { alice: await world.person("Alice"), bob: await world.person("Bob") };
    await alice.client.address.publish();
    await (await bob.client.address.find(alice.client.id)).conversation();
    await settle(bob, alice);
    expect(alice.client.contacts.requests.get()).toEqual([]);
  });
});

describe("an address", { timeout: 60_000 }, () => {
  test("that is nobody's, or malformed, or one's own, is told apart", async () => {
    const alice = await world.person("Alice");
    const p = nodePrimitives();
    const nobody = accountFromPhrase(p, newPhrase(p)).id;
    const found = async (who: string): Promise<unknown> => await alice.client.address.find(who).catch(({ code }: { code: string }) => code);
    expect(await found(nobody)).toBe("address/not-found");
    expect(await found("@nobody_here")).toBe("address/not-found");
    expect(await found(`${nobody.slice(0, -1)}${nobody.endsWith("q") ? "p" : "q"}`)).toBe("address/invalid");
    expect(await found("@Ä")).toBe("address/invalid");
    expect(await found(alice.client.id)).toBe("address/invalid");
  });

  test("whose handle is taken stays published under its id", async () => {
    const { handle } = await ask();
    const carol = await world.person("Carol");
    await expect(carol.client.address.publish({ handle })).rejects.toMatchObject({ code: "address/handle-taken" });
    expect(carol.client.address.state.get()).toEqual({ published: true });
    const bob = await world.person("Bob");
    expect((await bob.client.address.find(carol.client.id)).id).toBe(carol.client.id);
  });

  test("under which the relay gives somebody else's devices is refused", async () => {
    const { alice, bob } = await ask();
    const mallory = await world.person("Mallory");
    await mallory.client.address.publish();
    const directory = await fetch(`${world.relay}/v1/directory/${Buffer.from(keyOf(mallory)).toString("base64url")}`);
    const record = new Uint8Array(await directory.arrayBuffer());
    expect(record.length).toBeGreaterThan(100);
    bob.network.intercept = ({ pathname }) => (pathname.startsWith("/v1/directory/") ? new Response(record) : undefined);
    await expect(bob.client.address.find(alice.client.id)).rejects.toMatchObject({ code: "identity/invalid" });
  });

  test("whose handle the relay gives to another account shows another safety number", async () => {
    const { alice, bob, handle } = await ask();
    const honest = await (await bob.client.contacts.get(alice.client.id as never))?.safetyNumber();
    const mallory = await world.person("Mallory");
    await mallory.client.address.publish();
    const account = keyOf(mallory);
    bob.network.intercept = ({ pathname }) =>
      pathname.startsWith("/v1/handles/") ? new Response(encodeHandleAnswer(account) as Uint8Array<ArrayBuffer>) : undefined;
    const found = await bob.client.address.find(`@${handle}`);
    expect(found.handle).toBe(handle);
    expect(found.id).toBe(mallory.client.id);
    expect(found.safetyNumber.digits).not.toBe(honest?.digits);
  });
});

/** The account key of a person. */
function keyOf({ client }: Person): Uint8Array {
  return parseAccountId(nodePrimitives(), client.id);
}
