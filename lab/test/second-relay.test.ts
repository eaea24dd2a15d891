// Two relays in processes of their own, of which one is killed and never comes back: people with both go on, and lose nothing that was read.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, createAccount, memory } from "@sotto/client";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RelayProcess } from "../../e2e/src/relay-process.ts";

let folder: string;
let relays: readonly RelayProcess[];
const clients: Client[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sotto-two-relays-"));
  relays = ["first", "second"].map((name) => new RelayProcess({ dataDir: join(folder, name) }));
  await Promise.all(relays.map((relay) => relay.start()));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(relays.map((relay) => relay.kill()));
  await rm(folder, { recursive: true });
});

async function person(name: string): Promise<Client> {
  const client = await createAccount({ relay: relays.map(({ url }) => url), storage: memory(), name });
  clients.push(client);
  return client;
}

test("a relay that is killed for good takes nothing along", { timeout: 120_000 }, async () => {
  const [alice, bob] = [await person("Alice"), await person("Bob")];
  const { url } = await alice.invites.create();
  const toAlice = await bob.invites.accept(url);
  for (const client of [bob, alice, bob, alice]) await client.sync();
  const [toBob] = alice.conversations.list.get();
  await toBob?.send("one");
  await toAlice.send("two");
  for (const client of [alice, bob, alice]) await client.sync();

  await relays[0]?.kill();
  const sent = [await toBob?.send("three"), await toAlice.send("four")];
  for (const client of [alice, bob, alice]) await client.sync();
  expect(sent.map((message) => message?.status.state)).not.toContain("queued");
  for (const chat of [toBob, toAlice]) {
    const texts = (await chat?.history())?.items.map(({ text }) => text);
    expect(texts?.toSorted()).toEqual(["four", "one", "three", "two"]);
  }
  expect([alice, bob].map(({ connection }) => connection.get().state)).toEqual(["online", "online"]);
});
