// What is on the disk and what the relay sees: no text, no name, no secret key, and of nobody who is not published an account key. Each
// search first finds what was planted for it.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ascii, parseAccountId, phraseFromEntropy } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { Storage } from "../../src/api.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import type { SelfRecord } from "../../src/records/self-record.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import { onlyChat, type Person, settle, World } from "../support/world.ts";

const p = nodePrimitives();
const TEXT = "the treaty will be signed in Geneva";
const NAME = "Wilhelmina Ostrogorska";
let world: World;
let alice: Person;
let bob: Person;
let laptop: Person;

beforeAll(async () => {
  world = await World.open();
  alice = await world.person(NAME, { deviceName: "Study telephone" });
  bob = await world.person("Bartholomew");
  const { url } = await alice.client.invites.create();
  const chat = await bob.client.invites.accept(url);
  await chat.send(TEXT);
  await settle(bob, alice, bob);
  await onlyChat(alice).send(`yes: ${TEXT}`);
  laptop = await world.device(alice, "transfer", { deviceName: "Laptop of the attic" });
  await settle(alice, laptop, bob, laptop, alice);
  await chat.send(`once more: ${TEXT}`);
  await settle(bob, laptop, alice);
}, 60_000);
afterAll(async () => await world.close());

/** Whether bytes occur in any of these. */
function found(needle: Uint8Array, haystacks: readonly Uint8Array[]): boolean {
  return haystacks.some((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(Buffer.from(needle)));
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What nobody but the devices may know. */
async function secrets(): Promise<readonly (readonly [string, Uint8Array])[]> {
  const known: (readonly [string, Uint8Array])[] = [
    ["the text", utf8(TEXT)],
    ["a name", utf8(NAME)],
    ["the other name", utf8("Bartholomew")],
    ["a device's name", utf8("Study telephone")],
    ["the other device's name", utf8("Laptop of the attic")],
  ];
  for (const person of [alice, bob, laptop]) {
    const self = await selfRecord(person);
    known.push(["a device's private key", self.device.privateKey], ["a request key", self.requestKey]);
    if (self.phrase !== null) {
      const words = phraseFromEntropy(p, self.phrase).words();
      known.push(["the phrase's entropy", self.phrase], ["the phrase", utf8(words.slice(0, 3).join(" "))]);
    }
  }
  return known;
}

/** The record of the account, read from a copy of its disk. */
async function selfRecord({ client, storage }: Person): Promise<SelfRecord> {
  await client.close();
  const store = await SealedStore.open((storage as MemoryStorage).reopen(), p);
  const record = (await store.get("self", store.opaque(ascii("self")))) as SelfRecord;
  await store.close();
  return record;
}

async function disk(storage: Storage): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = [];
  const range = { from: new Uint8Array(), to: new Uint8Array(64).fill(255) };
  for await (const [key, value] of storage.scan(range)) all.push(key, value);
  return all;
}

async function files(folder: string): Promise<readonly Uint8Array[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return await Promise.all(names.filter((one) => one.isFile()).map((one) => readFile(join(one.parentPath, one.name))));
}

describe("of what is secret, nothing is", () => {
  test("shown by printing a client, however deep", () => {
    const shown = (value: unknown): string => inspect(value, { depth: 12, showHidden: true, maxArrayLength: 100_000 });
    const printed = shown(alice.client);
    for (const word of ["privateKey", "phrase:", TEXT, "requestKey"]) expect(printed.includes(word), word).toBe(false);
    expect(shown({ inside: [{ phrase: "x", privateKey: 1 }] })).toContain("privateKey");
  });

  test("on a device's disk, in the clear", async () => {
    const known = await secrets();
    for (const { storage } of [alice, bob, laptop]) {
      const copy = (storage as MemoryStorage).reopen();
      const bytes = await disk(copy);
      expect(bytes.length).toBeGreaterThan(20);
      for (const [what, needle] of known) expect(found(needle, bytes), what).toBe(false);
      for (const { client } of [alice, bob]) expect(found(utf8(client.id), bytes), "an account's id").toBe(false);
      for (const { client } of [alice, bob]) expect(found(parseAccountId(p, client.id).subarray(1), bytes), "an account key").toBe(false);
      await copy.batch([{ put: utf8("planted"), value: utf8(`planted ${TEXT}`) }]);
      expect(found(utf8(TEXT), await disk(copy))).toBe(true);
    }
  });

  test("in what reached the relay, or left a device", async () => {
    const left = [alice, bob, laptop].flatMap(({ network }) => network.sent);
    const kept = await files(world.folder);
    expect([left.length, kept.length].every((count) => count > 3)).toBe(true);
    for (const bytes of [left, kept]) {
      for (const [what, needle] of await secrets()) expect(found(needle, bytes), what).toBe(false);
      for (const { client } of [alice, bob]) {
        expect(found(parseAccountId(p, client.id).subarray(1), bytes), "the key of an account that is not published").toBe(false);
      }
    }
    expect(found(utf8(TEXT), [...left, utf8(`planted ${TEXT}`)])).toBe(true);
    // What has to be there is found there: a tag that left is on the relay's disk.
    const cell = left.find((bytes) => bytes.length > 4_000) as Uint8Array;
    expect(found(cell.subarray(9, 25), kept)).toBe(true);
  });
});
