// The client's network side against the real relay, over real sockets: what the doubles of the other tests promise holds there too.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  generateKeyPair,
  newDevice,
  newPrekeys,
  publishedPrekeys,
  signBundle,
  signDeviceEntry,
  signDeviceList,
  takenOneTimePrekey,
  verifyBundle,
  verifyDeviceList,
} from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { type Relay, startRelay } from "@sotto/relay";
import { MAX_BLOB_PART_BYTES } from "@sotto/wire";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Connection, Transport } from "../../src/api.ts";
import { type Clock, systemClock } from "../../src/clock.ts";
import { offerSecret, takeSecret } from "../../src/pairing/secret.ts";
import { type BoardPosition, type Feed, startFeed } from "../../src/relay/feed.ts";
import { RelayClient } from "../../src/relay/relay-client.ts";
import { platformTransport } from "../../src/relay/transport.ts";

const SHARD = { bits: 0, prefix: new Uint8Array(8) };
const cell = (n: number) => ({ shard: SHARD, tag: new Uint8Array(16).fill(n), body: new Uint8Array(4096).fill(n) });

let folder: string;
let relay: Relay;
let client: RelayClient;
const feeds: Feed[] = [];

const start = (port = 0): Promise<Relay> => startRelay({ dataDir: join(folder, "relay"), port });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sotto-client-"));
  relay = await start();
  client = new RelayClient({ relay: relay.url, transport: platformTransport, clock: systemClock });
});

afterEach(async () => {
  for (const feed of feeds.splice(0)) await feed.stop();
  await relay.stop();
  rmSync(folder, { recursive: true });
});

/** A feed and what it gave; `until` resolves when `count` cells were seen. */
function read(after?: BoardPosition | "now"): {
  seen: number[];
  states: string[];
  until(count: number): Promise<void>;
  position(): BoardPosition;
} {
  const seen: number[] = [];
  const states: string[] = [];
  let position: BoardPosition | undefined;
  let waiting: { count: number; resolve: () => void } | undefined;
  const online = Promise.withResolvers<void>();
  const feed = startFeed({
    relay: relay.url,
    transport: platformTransport,
    clock: systemClock,
    shard: SHARD,
    random: () => 0.05,
    ...(after === undefined ? {} : { after }),
    listener: {
      async onCells(cells, at) {
        seen.push(...cells.map(({ tag }) => tag[0]!));
        position = at;
        if (waiting !== undefined && seen.length >= waiting.count) waiting.resolve();
      },
      onConnection: ({ state }: Connection) => {
        states.push(state);
        if (state === "online") online.resolve();
      },
    },
  });
  feeds.push(feed);
  const until = async (count: number): Promise<void> => {
    await online.promise;
    if (seen.length < count) await new Promise<void>((resolve) => (waiting = { count, resolve }));
  };
  return { seen, states, until, position: () => position! };
}

describe("the board", () => {
  test("pins a cell once", async () => {
    expect(await client.append(cell(1))).toBe("stored");
    expect(await client.append(cell(1))).toBe("duplicate");
    expect(await client.append({ ...cell(1), body: new Uint8Array(4096) })).toBe("conflict");
    expect((await client.info()).board.length).toBe(16);
  });

  test("is read from the beginning, from a position, and from now on, and on across a restart of the relay", async () => {
    for (let n = 1; n <= 5; n++) await client.append(cell(n));
    const all = read();
    await all.until(5);
    const now = read("now");
    await now.until(0);
    const { port } = relay;
    await relay.stop();
    relay = await start(port);
    for (let n = 6; n <= 8; n++) await client.append(cell(n));
    await all.until(8);
    await now.until(3);
    expect(all.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(now.seen).toEqual([6, 7, 8]);
    expect(all.states.filter((state) => state === "online").length).toBe(2);
    const later = read(all.position());
    await client.append(cell(9));
    await later.until(1);
    expect(later.seen).toEqual([9]);
  });

  test("gives more cells than fit into one credit", async () => {
    const tag = (i: number): Uint8Array => Uint8Array.of(i & 255, i >> 8, ...new Uint8Array(14));
    await Promise.all(Array.from({ length: 300 }, (_, i) => client.append({ ...cell(0), tag: tag(i) })));
    const all = read();
    await all.until(300);
    expect(all.seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i & 255).sort((a, b) => a - b));
  });
});

describe("the directory", () => {
  test("says that nobody is there, and refuses what is not signed", async () => {
    const account = nodePrimitives().randomBytes(33).fill(5, 0, 1);
    expect(await client.getRecord(account)).toBeUndefined();
    expect(await client.getHandle("nobody")).toBeUndefined();
    const record = { list: new Uint8Array(500), bundles: [] };
    await expect(client.putRecord(account, record)).rejects.toMatchObject({ code: "relay/rejected", retryable: false });
    const claim = { account, issued: Date.now(), signature: new Uint8Array(64) };
    await expect(client.putHandle("somebody", claim)).rejects.toMatchObject({ code: "relay/rejected" });
  });

  test("gives each who asks another one-time prekey, which the device signed", async () => {
    const p = nodePrimitives();
    const now = Date.now();
    const account = generateKeyPair(p);
    const device = newDevice(p, 1);
    const entries = [signDeviceEntry(p, device, account.publicKey, now)];
    const list = signDeviceList(p, account, { version: 1, issued: now, entries, previous: new Uint8Array(32) });
    const { prekeys, oneTime } = publishedPrekeys(p, device.keys, newPrekeys(p, now));
    const ours = signBundle(p, device, account.publicKey, { issued: now, bits: 0, locator: new Uint8Array(8), prekeys });
    await client.putRecord(account.publicKey, { list: list.bytes, bundles: [{ bytes: ours.bytes, oneTime }] });

    const looked = await client.getRecord(account.publicKey, { peek: true });
    expect(looked).toEqual({ list: list.bytes, bundles: [{ bytes: ours.bytes }] });
    const answers = await Promise.all([1, 2, 3].map(() => client.getRecord(account.publicKey)));
    const ids = answers.map((answer) => {
      const found = answer!.bundles[0]!;
      const bundle = verifyBundle(p, found.bytes, verifyDeviceList(p, answer!.list), now);
      const { list: keys, taken } = found.oneTime!;
      return takenOneTimePrekey(p, keys, taken, bundle.prekeys.oneTimeHash).id;
    });
    expect(new Set(ids).size).toBe(3);
  });
});

describe("blobs", () => {
  const id = new Uint8Array(32).fill(3);

  test("go up in parts and come back whole", async () => {
    const blob = new Uint8Array(MAX_BLOB_PART_BYTES + 1000).map((_, i) => i ^ (i >> 8));
    await client.putBlob(id, blob);
    await client.putBlob(id, blob);
    expect(Buffer.compare((await client.getBlob(id))!, blob)).toBe(0);
    await expect(client.getBlob(id, { maxBytes: 1000 })).rejects.toMatchObject({ code: "relay/misbehaving" });
    await expect(client.putBlob(id, new Uint8Array(10))).rejects.toMatchObject({ details: { code: "blob/conflict" } });
    expect(await client.getBlob(new Uint8Array(32))).toBeUndefined();
  });

  test("go on after a part was lost on the way", async () => {
    let puts = 0;
    const lossy: Transport = {
      ...platformTransport,
      fetch: async (url, init) => {
        const answer = await platformTransport.fetch(url, init);
        if (init.method === "PUT" && ++puts === 1) throw new TypeError("connection reset");
        return answer;
      },
    };
    const blob = new Uint8Array(2 * MAX_BLOB_PART_BYTES + 10).map((_, i) => i);
    // Pauses are skipped, time limits are not.
    const hasty: Clock = { ...systemClock, after: (delayMs, run) => systemClock.after(delayMs > 5_000 ? delayMs : 0, run) };
    await new RelayClient({ relay: relay.url, transport: lossy, clock: hasty }).putBlob(id, blob);
    expect(puts).toBe(3);
    expect(Buffer.compare((await client.getBlob(id))!, blob)).toBe(0);
  });
});

test("a secret goes from one machine to another", async () => {
  const context = { primitives: nodePrimitives(), transport: platformTransport, clock: systemClock };
  const secret = new TextEncoder().encode("correct horse battery staple");
  const offer = await offerSecret(context, { relay: relay.url, secret, deviceName: "server" });
  const receipt = await takeSecret(context, offer.qr.text, { deviceName: "desk", typed: true });
  const request = await offer.request;
  const approved = request.approve(await receipt.checkCode);
  await new Promise<void>((resolve) => receipt.state.subscribe((state) => state === "reply" && resolve()));
  await receipt.confirm(request.replyCode.get()!);
  await approved;
  expect(await receipt.secret).toEqual(secret);
});

test("a relay that is not there is unreachable", async () => {
  const { port } = relay;
  await relay.stop();
  await expect(client.info()).rejects.toMatchObject({ code: "relay/unreachable" });
  relay = await start(port);
  await expect(client.info()).resolves.toBeDefined();
});
