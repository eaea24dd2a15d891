// A process that dies at any write of a dialogue loses nothing and repeats nothing. One side dies at write 1, 2, 3, … of its life, before the
// write reached the disk or after; what it was doing is looked up and gone on with, as a person would do.

import { afterAll, beforeAll, expect, test } from "vitest";
import type { Conversation } from "../../src/api.ts";
import { memory } from "../../src/storage/memory.ts";
import { deathsAt, type Death, FragileStorage } from "../support/fragile-storage.ts";
import { messagesOf, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.inMemory()));
afterAll(async () => await world.close());

/** Somebody whose process dies once; then the account is opened again. */
class Mortal {
  person: Person;
  readonly storage: FragileStorage;
  deaths = 0;

  constructor(person: Person, storage: FragileStorage) {
    this.person = person;
    this.storage = storage;
  }

  /** Does something; if the process dies over it, opens the account again and does it again if it has to be. */
  async live(todo: (person: Person) => Promise<unknown>): Promise<void> {
    const done = todo(this.person);
    done.catch(() => undefined);
    const died = this.deaths === 0 ? this.storage.died.then(() => "died" as const) : new Promise<never>(() => undefined);
    if ((await Promise.race([done, died])) !== "died") return;
    this.deaths++;
    world.abandon(this.person);
    this.person = await world.reopen(this.storage.inner);
    await todo(this.person);
  }
}

async function mortal(name: string, death: Death | undefined, writesBefore: number): Promise<Mortal> {
  const fragile = new FragileStorage(memory(), death === undefined ? undefined : shifted(death, writesBefore));
  return new Mortal(await world.person(name, { storage: fragile }), fragile);
}

/** The same death, counted from the beginning of the storage. */
function shifted(death: Death, by: number): Death {
  const { at, forgets } = death;
  return forgets === undefined ? { ...death, at: at + by } : { ...death, at: at + by, forgets: forgets + by };
}

/** Sends what is not in the conversation yet: what a person does who finds their text gone, or not. */
async function say(person: Person, text: string): Promise<void> {
  const chat = onlyChat(person);
  if (!(await texts(chat)).includes(text)) await chat.send(text);
}

/** Writes until the account is made: those are another test's. */
const WRITES_OF_CREATION = await (async () => {
  const own = await World.inMemory();
  const fragile = new FragileStorage(memory());
  await own.person("Nobody", { storage: fragile });
  const { writes } = fragile;
  await own.close();
  return writes;
})();

/** The dialogue. Gives how often the mortal side wrote after its account was made, and whether it died. */
async function dialogue(mortalInvites: boolean, death?: Death): Promise<{ writes: number; deaths: number }> {
  const alice = await mortal("Alice", death, WRITES_OF_CREATION);
  const bob = await world.person("Bob");
  if (mortalInvites) {
    let url = "";
    await alice.live(async ({ client }) => void (url = client.invites.list.get()[0]?.url ?? (await client.invites.create()).url));
    await bob.client.invites.accept(url);
  } else {
    const { url } = await bob.client.invites.create();
    await alice.live(async ({ client }) => await client.invites.accept(url));
  }
  const both = async (): Promise<void> => {
    for (let i = 0; i < 2; i++) {
      await alice.live(async (person) => await settle(person));
      await settle(bob);
    }
  };
  await both();
  await onlyChat(bob).send("b1");
  await alice.live(async (person) => await say(person, "a1"));
  await both();
  await alice.live(async (person) => await say(person, "a2"));
  await onlyChat(bob).send("b2");
  await both();
  const chats: readonly Conversation[] = [onlyChat(alice.person), onlyChat(bob)];
  for (const chat of chats) {
    expect((await texts(chat)).toSorted()).toEqual(["a1", "a2", "b1", "b2"]);
    expect((await messagesOf(chat)).filter(({ mine, status }) => mine && status.state === "queued")).toEqual([]);
    expect(chat.state.get().phase).toBe("open");
  }
  // In the order in which they were written.
  expect((await texts(chats[1] as Conversation)).filter((text) => text.startsWith("a"))).toEqual(["a1", "a2"]);
  const { writes } = alice.storage;
  await Promise.all([alice.person.client.close(), bob.client.close()]);
  return { writes: writes - WRITES_OF_CREATION, deaths: alice.deaths };
}

for (const [mortalInvites, who] of [
  [true, "the one who invites"],
  [false, "the one who accepts"],
] as const) {
  test(`${who} may die at any write`, { timeout: 120_000 }, async () => {
    const { writes } = await dialogue(mortalInvites);
    expect(writes).toBeGreaterThan(8);
    for (let at = 1; at <= writes; at += 2) {
      const lives = await Promise.all([at, at + 1].flatMap(deathsAt).map((death) => dialogue(mortalInvites, death)));
      // A write fewer than counted can happen: batches of the board differ from run to run.
      if (at < writes / 2) expect(lives.every(({ deaths }) => deaths === 1)).toBe(true);
    }
  });
}

test("an account whose making was cut short leaves a storage in which one can be made", async () => {
  for (let at = 1; at <= WRITES_OF_CREATION; at++) {
    for (const written of [false, true]) {
      const fragile = new FragileStorage(memory(), { at, written });
      const making = world.person("Alice", { storage: fragile });
      making.catch(() => undefined);
      if ((await Promise.race([making, fragile.died.then(() => "died" as const)])) !== "died") continue;
      const disk = fragile.inner.reopen();
      const open = await world.reopen(disk).catch((error: { code: string }) => error.code);
      if (typeof open !== "string") await open.client.close();
      else {
        expect(open).toBe("account/not-found");
        const again = await world.person("Alice", { storage: disk.reopen() });
        await again.client.close();
      }
    }
  }
});

test("a disk that forgets one write is found out", { timeout: 60_000 }, async () => {
  const { writes } = await dialogue(true);
  const found = async (forgets: number): Promise<boolean> =>
    await dialogue(true, { at: writes - 2, written: true, forgets }).then(
      () => false,
      () => true,
    );
  // Some writes hold nothing that is missed; one that holds a message and the cursor behind it does.
  for (let forgets = 5; forgets < writes - 2; forgets++) if (await found(forgets)) return;
  expect.unreachable("every forgotten write went unnoticed");
});
