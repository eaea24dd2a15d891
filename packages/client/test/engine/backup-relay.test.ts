// Backups at a relay: found from the words alone, resumed, renewed; a relay that loses, lies, and holds back.

import { encodeFailure, WireError } from "@sotto/wire";
import {
  type BackupIndex,
  type BackupLock,
  backupLockOf,
  backupPlace,
  BackupWriter,
  concat,
  encodeContents,
  generateKeyPair,
  parseAccountId,
  type PublicKey,
  sealBackupIndex,
  utcDay,
} from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { BACKUP_SLOTS } from "../../src/limits.ts";
import { entropyOf } from "../../src/recovery-words.ts";
import { RelayClient } from "../../src/relay/relay-client.ts";
import { platformTransport } from "../../src/relay/transport.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { TestNetwork } from "../support/network.ts";
import { complaints, onlyChat, type Person, settle, texts, World } from "../support/world.ts";

let world: World;
beforeAll(async () => void (world = await World.open()));
afterAll(async () => await world.close());

const p = nodePrimitives();
const DAY = 24 * 60 * 60 * 1000;
const wordsOf = async ({ client }: Person): Promise<readonly string[]> => (await client.recovery.reveal()).words;
/** What is asked for before the first file, when one day has two indexes: 93 days twice, and the two places after. */
const INDEX_PLACES = 188;
const isBlob = (url: URL): boolean => url.pathname.startsWith("/v1/blobs/");

async function writeNote({ client }: Person, text: string): Promise<void> {
  await (await client.conversations.notes()).send(text);
}

test("the newest backup is found from the words, and a second one costs what is new", async () => {
  const { alice, bob, bobChat } = await world.pair();
  await bobChat.send("first");
  await settle(bob, alice);
  await alice.client.backups.upload();
  const { bytes = 0 } = alice.client.backups.status.get();
  expect(bytes).toBeGreaterThan(256 * 1024);
  await bobChat.send("second");
  await settle(bob, alice);
  const before = alice.network.sent.length;
  await alice.client.backups.upload();
  const uploaded = alice.network.sent.slice(before).reduce((sum, { length }) => sum + length, 0);
  expect(uploaded).toBeLessThan(bytes + 10_000);
  expect(alice.client.backups.status.get().bytes).toBe(2 * bytes);

  const again = await world.restored(await wordsOf(alice), { backup: "relay" });
  expect(await texts(onlyChat(again))).toEqual(["first", "second"]);
});

test("each device's newest backup counts: one may have what the other has not", async () => {
  const alice = await world.person("Alice");
  const laptop = await world.device(alice);
  await settle(alice, laptop);
  laptop.network.cut();
  await writeNote(alice, "on the phone");
  await alice.client.backups.upload();
  laptop.network.heal();
  alice.network.cut();
  await writeNote(laptop, "on the laptop");
  await laptop.client.backups.upload();
  const again = await world.restored(await wordsOf(alice), { backup: "relay" });
  expect((await texts(onlyChat(again))).toSorted()).toEqual(["on the laptop", "on the phone"]);
});

test("an upload that breaks off is no backup, and the next one goes on", async () => {
  const alice = await world.person("Alice");
  await writeNote(alice, "a note");
  let uploads = 0;
  // The file arrives, its index does not leave.
  alice.network.before = async (url, { method }) => {
    if (isBlob(url) && method === "PUT" && ++uploads > 1) throw new TypeError("fetch failed");
  };
  await expect(alice.client.backups.upload()).rejects.toMatchObject({ code: "relay/unreachable" });
  expect(alice.client.backups.status.get()).toMatchObject({ error: { code: "relay/unreachable" } });
  expect(alice.client.backups.status.get().last).toBeUndefined();
  alice.network.before = undefined;
  const words = await wordsOf(alice);
  await expect(world.restored(words, { backup: "relay" })).rejects.toMatchObject({ code: "backup/not-found" });
  await alice.client.backups.upload();
  expect(alice.client.backups.status.get().error).toBeUndefined();
  expect(await texts(onlyChat(await world.restored(words, { backup: "relay" })))).toEqual(["a note"]);
});

test("a relay that lost files is given them again; one that damages the newest backup leaves the one before", async () => {
  const alice = await world.person("Alice");
  const words = await wordsOf(alice);
  await writeNote(alice, "old");
  await alice.client.backups.upload();
  await writeNote(alice, "new");
  alice.network.intercept = (url, { method }) => (isBlob(url) && method === "HEAD" ? new Response(null, { status: 404 }) : undefined);
  await alice.client.backups.upload();
  alice.network.intercept = undefined;
  const again = await world.restored(words, { backup: "relay" });
  expect(await texts(onlyChat(again))).toEqual(["old", "new"]);

  // The newest file is gone: the backup before it is whole, and what is missing is said.
  const asked: string[] = [];
  const network = new TestNetwork();
  network.intercept = (url) => {
    if (isBlob(url)) asked.push(url.pathname);
    const lost = asked.length > INDEX_PLACES && url.pathname === asked[INDEX_PLACES];
    return lost
      ? new Response(encodeFailure(new WireError("blob/not-found", "gone")) as Uint8Array<ArrayBuffer>, { status: 404 })
      : undefined;
  };
  const poorer = await world.restored(words, { network });
  await poorer.client.backups.import("relay");
  expect(await texts(onlyChat(poorer))).toEqual(["old"]);
  expect(complaints(poorer)).toEqual(["backup/damaged"]);
});

describe("a device without the words that was taken over", () => {
  /** All that it knows: the lock of its own backups, and so the places of all devices like it. */
  async function thief(
    of: Person,
    device: PublicKey,
  ): Promise<{ lock: BackupLock; put(index: Partial<BackupIndex>, item: Uint8Array): Promise<void> }> {
    const lock = backupLockOf(p, entropyOf(p, (await wordsOf(of)).join(" ")), device);
    const relay = new RelayClient({ relay: world.relay, transport: platformTransport, clock: systemClock });
    let slot = 0;
    const put = async (index: Partial<BackupIndex>, item: Uint8Array): Promise<void> => {
      const writer = new BackupWriter(p, lock);
      const file = concat(writer.header, ...writer.add(item), ...writer.end());
      const [id, tomorrow] = [p.randomBytes(32), Date.now() + DAY];
      await relay.putBlob(id, file);
      for (const places of [lock.places, lock.author.key]) {
        const place = backupPlace(p, places, utcDay(tomorrow), slot);
        await relay.putBlob(place.id, sealBackupIndex(p, place, lock.author, { made: tomorrow, device, files: [id], ...index }));
      }
      slot++;
    };
    return { lock, put };
  }

  test("adds backups that nobody can read or that are empty, and hides no other's behind them", async () => {
    const alice = await world.person("Alice");
    await writeNote(alice, "kept");
    await alice.client.backups.upload();
    const { put } = await thief(alice, generateKeyPair(p).publicKey);
    const nothing = encodeContents([{ type: "text", id: p.randomBytes(16), sent: 0, body: { text: "nothing of an account" } }]);
    await put({}, new Uint8Array(20));
    await put({ device: generateKeyPair(p).publicKey }, nothing);
    await put({}, nothing);
    const again = await world.restored(await wordsOf(alice), { backup: "relay" });
    expect(await texts(await again.client.conversations.notes())).toEqual(["kept"]);
  });

  test("fills all places that it knows, and keeps neither who has the words nor another device from theirs", async () => {
    const phone = await world.person("Alice");
    const laptop = await world.device(phone);
    await phone.client.address.publish();
    await settle(phone, laptop);
    const { lock } = await thief(phone, generateKeyPair(p).publicKey);
    const relay = new RelayClient({ relay: world.relay, transport: platformTransport, clock: systemClock });
    for (const day of [0, 1]) {
      for (let slot = 0; slot < BACKUP_SLOTS; slot++) {
        await relay.putBlob(backupPlace(p, lock.places, utcDay(Date.now()) + day, slot).id, new Uint8Array(4096));
      }
    }
    for (const person of [phone, laptop]) person.network.cut();
    await writeNote(phone, "on the phone");
    await writeNote(laptop, "on the laptop");
    for (const person of [phone, laptop]) {
      person.network.heal();
      await person.client.backups.upload();
    }
    const again = await world.restored(await wordsOf(phone), { backup: "relay" });
    expect((await texts(await again.client.conversations.notes())).toSorted()).toEqual(["on the laptop", "on the phone"]);
  });
});

test("a backup is made as soon as the account is opened after it was due", async () => {
  const clock = new VirtualClock();
  let alice = await world.person("Alice", { clock });
  const made = (at: number): Promise<void> =>
    new Promise((resolve) => {
      alice.client.backups.status.subscribe(({ last }) => {
        if (last?.getTime() === at) resolve();
      });
    });
  const reopenedAfter = async (days: number): Promise<void> => {
    await alice.client.close();
    await clock.advance(days * DAY);
    alice = await world.reopen(alice.storage as MemoryStorage, { clock });
    await alice.client.sync();
  };
  await alice.client.sync();
  await alice.client.backups.schedule({ every: "7d", to: "relay" });
  const first = clock.now();
  await made(first);
  await reopenedAfter(6);
  expect(alice.client.backups.status.get()).toMatchObject({ every: 7 * DAY, last: new Date(first) });
  await reopenedAfter(1);
  await made(first + 7 * DAY);
  await alice.client.backups.schedule(null);
  expect(alice.client.backups.status.get().every).toBeUndefined();
  for (const every of ["1h", "31d"] as const) {
    await expect(alice.client.backups.schedule({ every, to: "relay" })).rejects.toMatchObject({ code: "argument/invalid" });
  }
  expect(complaints(alice)).toEqual([]);
});

test("a backup that failed is tried again after a quarter of an hour", async () => {
  const clock = new VirtualClock();
  const alice = await world.person("Alice", { clock });
  const { status } = alice.client.backups;
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      status.subscribe(() => {
        if (holds()) resolve();
      });
    });
  await alice.client.sync();
  alice.network.intercept = (url) => (isBlob(url) ? new Response(null, { status: 400 }) : undefined);
  await alice.client.backups.schedule({ every: "1d", to: "relay" });
  await until(() => status.get().error !== undefined);
  alice.network.intercept = undefined;
  await clock.advance(14 * 60 * 1000);
  expect(status.get()).toMatchObject({ error: { code: "relay/rejected" } });
  await clock.advance(60 * 1000);
  await until(() => status.get().last !== undefined);
  expect(status.get().error).toBeUndefined();
});

test("while the home relay is away another one of the account keeps the backup, and it is found there", async () => {
  const other = await World.open();
  try {
    const relay = [other.relay, world.relay];
    const alice = await world.person("Alice", { relay });
    await alice.client.sync();
    await writeNote(alice, "a note");
    const words = await wordsOf(alice);
    await other.stopRelay();
    await alice.client.backups.upload();
    const again = await world.restored(words, { relay: [world.relay], backup: "relay" });
    expect(await texts(onlyChat(again))).toEqual(["a note"]);
    await alice.client.close();
  } finally {
    await other.close();
  }
});

test("the relay reads nothing of a backup, neither whose it is nor what is in it", async () => {
  const alice = await world.person("Alice", { relay: [world.relay] });
  await writeNote(alice, "a secret for nobody else");
  await alice.client.sync();
  const before = alice.network.sent.length;
  await alice.client.backups.upload();
  const seen = alice.network.sent.slice(before).map((bytes) => Buffer.from(bytes));
  expect(seen.reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(256 * 1024);
  const account = Buffer.from(parseAccountId(p, alice.client.id));
  const shows = (what: Buffer): boolean => seen.some((bytes) => bytes.includes(what) || bytes.includes(what.toString("hex")));
  for (const secret of [Buffer.from("a secret for nobody else"), Buffer.from("Alice"), account, account.subarray(1)])
    expect(shows(secret)).toBe(false);
  // What would be found: the first letters of a file, which say that it is one.
  expect(shows(Buffer.from("Sotto backup"))).toBe(true);
});

describe("a relay that lies", () => {
  /** What becomes of an import when the relay answers so for blobs that it has; the account had one backup with one note. */
  async function told(answer: (whole: Uint8Array, isIndex: boolean) => Promise<Uint8Array> | Uint8Array): Promise<unknown> {
    const alice = await world.person("Alice");
    await writeNote(alice, "a note");
    await alice.client.backups.upload();
    const network = new TestNetwork();
    const again = await world.restored(await wordsOf(alice), { network });
    const lies = new Map<string, Uint8Array>();
    network.before = async (url) => {
      if (!isBlob(url)) return;
      const truth = await fetch(url);
      const bytes = new Uint8Array(await truth.arrayBuffer());
      if (truth.ok) lies.set(url.pathname, await answer(bytes, bytes.length === 4096));
    };
    network.intercept = (url) => {
      const lie = lies.get(url.pathname);
      return lie === undefined ? undefined : new Response(lie as Uint8Array<ArrayBuffer>);
    };
    const outcome = await again.client.backups.import("relay").catch((error: unknown) => (error as { code: string }).code);
    if (typeof outcome === "string") expect(again.client.conversations.list.get()).toEqual([]);
    return outcome;
  }

  test("is seen through: a changed, a shortened, an exchanged file or index brings nothing in", async () => {
    const mallory = await world.person("Mallory");
    const other = new Uint8Array(await new Response(mallory.client.backups.export()).arrayBuffer());
    const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    expect(await told((whole) => whole)).toEqual({ messages: 1 });
    expect(await told((whole, isIndex) => (isIndex ? whole : flipped(whole, 5_000)))).toBe("backup/damaged");
    expect(await told((whole, isIndex) => (isIndex ? whole : flipped(whole, 40)))).toBe("backup/damaged");
    expect(await told((whole, isIndex) => (isIndex ? whole : whole.slice(0, 2_000)))).toBe("backup/damaged");
    expect(await told((whole, isIndex) => (isIndex ? whole : other))).toBe("backup/damaged");
    expect(await told((whole, isIndex) => (isIndex ? flipped(whole, 50) : whole))).toBe("backup/damaged");
    expect(await told((whole, isIndex) => (isIndex ? new Uint8Array(4096) : whole))).toBe("backup/damaged");
  });
});
