// What a new device is given of the past: the newest messages at once, the rest behind them, whatever happens meanwhile.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../src/api.ts";
import { SNAPSHOT_MESSAGES } from "../../src/limits.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { accountDigest } from "../../src/testing/account-digest.ts";
import { TestNetwork } from "../support/network.ts";
import { complaints, messagesOf, type Person, settle, World } from "../support/world.ts";

const TOTAL = 2 * SNAPSHOT_MESSAGES + 200;

let world: World;
let phone: Person;
beforeAll(async () => {
  world = await World.open();
  phone = await world.person("Alice");
  const notes = await phone.client.conversations.notes();
  for (let i = 0; i < TOTAL; i++) await notes.send(`${i}`);
}, 60_000);
afterAll(async () => await world.close());

const countOf = async ({ client }: Person): Promise<number> => (await messagesOf(await client.conversations.notes())).length;

/** All of the history is here. */
async function complete(client: Client): Promise<void> {
  await new Promise<void>((resolve) => {
    client.devices.history.subscribe(({ done, total }) => {
      if (total > 0 && done === total) resolve();
    });
  });
}

/** A network on which each part of a history waits; the first blob is the account with the newest messages. */
function withholdingParts(until: () => Promise<void>): TestNetwork {
  const network = new TestNetwork();
  let blobs = 0;
  network.before = async ({ pathname }, { method }) => {
    if (pathname.startsWith("/v1/blobs/") && method === "GET" && ++blobs > 1) await until();
  };
  return network;
}

describe("a device that is linked to an account with a long past", { timeout: 60_000 }, () => {
  test("has the newest messages at once, and in the end all of them, without telling of any as new", async () => {
    const laptop = await world.device(phone, "link", { deviceName: "Laptop" });
    const told: string[] = [];
    laptop.client.on("message", ({ text }) => told.push(text));
    expect(await countOf(laptop)).toBeGreaterThanOrEqual(SNAPSHOT_MESSAGES);
    await settle(laptop, phone);
    await complete(laptop.client);
    expect(laptop.client.devices.history.get()).toEqual({ done: TOTAL, total: TOTAL });
    await settle(phone, laptop, phone);
    const [first, second] = await Promise.all([phone, laptop].map(async ({ client }) => (await accountDigest(client)).conversations));
    expect(second).toEqual(first);
    expect([told, complaints(laptop)]).toEqual([[], []]);
  });

  test("goes on where it was when it is stopped in the middle", async () => {
    const network = withholdingParts(() => Promise.reject(new TypeError("no network")));
    const tablet = await world.device(phone, "link", { deviceName: "Tablet", network });
    await tablet.client.sync();
    expect(tablet.client.devices.history.get()).toEqual({ done: SNAPSHOT_MESSAGES, total: TOTAL });
    expect(await countOf(tablet)).toBe(SNAPSHOT_MESSAGES);
    world.abandon(tablet);
    const again = await world.reopen(tablet.storage as MemoryStorage);
    await complete(again.client);
    expect(await countOf(again)).toBe(TOTAL);
  });

  test("says what the relay has lost, and takes the rest", async () => {
    const listening = Promise.withResolvers<void>();
    const network = withholdingParts(() => listening.promise);
    let blobs = 0;
    network.intercept = ({ pathname }, { method }) => {
      if (!pathname.startsWith("/v1/blobs/") || method !== "GET" || ++blobs !== 2) return undefined;
      return new Response(new Uint8Array(5_000), { status: 200 });
    };
    const desk = await world.device(phone, "link", { deviceName: "Desk", network });
    listening.resolve();
    await complete(desk.client);
    expect(await countOf(desk)).toBe(TOTAL - SNAPSHOT_MESSAGES);
    expect(complaints(desk)).toEqual(["device/history-lost"]);
  });
});
