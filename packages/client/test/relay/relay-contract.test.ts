// What every relay does, asked of the real one over real sockets and of the one for tests in memory: the same requests, the same answers to
// the byte of their codes. So what holds on the test relay holds on a real one.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Device,
  generateKeyPair,
  type KeyPair,
  newDevice,
  newPrekeys,
  publishedPrekeys,
  sign,
  signBundle,
  signDeviceEntry,
  signDeviceList,
  takenOneTimePrekey,
} from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { startRelay } from "@sotto/relay";
import {
  blobPath,
  CELLS_PATH,
  decodeAppendResults,
  decodeBlobState,
  decodeFailure,
  decodeFoundRecord,
  decodeHandleAnswer,
  decodeInfo,
  decodeLiveEvent,
  directoryPath,
  encodeAppend,
  encodeContentRange,
  encodeDirectoryRecord,
  encodeHandleClaim,
  encodeLiveRequest,
  handleClaimMessage,
  handlePath,
  INFO_PATH,
  LIVE_PATH,
  type LiveEvent,
  type LiveRequest,
  type PublishedBundle,
  segmentAt,
  segmentPath,
  type Shard,
  shardOf,
  UPLOAD_COMPLETE_HEADER,
  UPLOAD_OFFSET_HEADER,
} from "@sotto/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Transport } from "../../src/api.ts";
import { platformTransport } from "../../src/relay/transport.ts";
import { createTestRelay } from "../../src/testing/node.ts";

interface Subject {
  readonly url: string;
  readonly transport: Transport;
  close(): Promise<void>;
}

const subjects: Record<string, () => Promise<Subject>> = {
  "the real relay": async () => {
    const folder = mkdtempSync(join(tmpdir(), "sotto-contract-"));
    const relay = await startRelay({ dataDir: folder, port: 0 });
    const close = async (): Promise<void> => (await relay.stop(), rmSync(folder, { recursive: true }));
    return { url: relay.url, transport: platformTransport, close };
  },
  "the test relay": async () => {
    const relay = createTestRelay({ now: Date.now() });
    return { url: relay.url.origin, transport: relay.transport, close: () => relay.close() };
  },
};

const p = nodePrimitives();
let next = 1;
/** A tag that no other test has used. */
const newTag = (): Uint8Array => p.randomBytes(16);
const body = (n: number): Uint8Array => new Uint8Array(4096).fill(n);
/** A part of the board that no other test reads. */
const newShard = (): Shard => shardOf(64, Uint8Array.of(9, 9, 9, 9, 0, 0, 0, next++));

describe.each(Object.keys(subjects))("%s", (name) => {
  let relay: Subject;
  beforeAll(async () => void (relay = await (subjects[name] as () => Promise<Subject>)()));
  afterAll(async () => await relay.close());

  const ask = async (method: string, path: string, sent?: Uint8Array, headers: Record<string, string> = {}) => {
    const answer = await relay.transport.fetch(`${relay.url}${path}`, {
      method,
      headers,
      ...(sent === undefined ? {} : { body: sent as Uint8Array<ArrayBuffer> }),
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return {
      status: answer.status,
      headers: answer.headers,
      bytes,
      code: answer.ok ? "" : method === "HEAD" ? "" : decodeFailure(bytes).code,
    };
  };
  const append = async (...cells: readonly { shard: Shard; tag: Uint8Array; body: Uint8Array }[]) =>
    decodeAppendResults((await ask("POST", CELLS_PATH, encodeAppend(cells))).bytes, cells.length);

  describe("the board", () => {
    test("pins a tag once in each shard", async () => {
      const [shard, other, tag] = [newShard(), newShard(), newTag()];
      expect(await append({ shard, tag, body: body(1) })).toEqual(["stored"]);
      expect(await append({ shard, tag, body: body(1) }, { shard, tag, body: body(2) })).toEqual(["duplicate", "conflict"]);
      expect(await append({ shard: other, tag, body: body(2) })).toEqual(["stored"]);
    });

    test("refuses what is no cell, and a path or method that it does not know", async () => {
      expect(await ask("POST", CELLS_PATH, new Uint8Array(17))).toMatchObject({ status: 400, code: "frame/invalid" });
      expect(await ask("GET", CELLS_PATH)).toMatchObject({ status: 405, code: "request/method" });
      expect(await ask("GET", "/v1/nothing")).toMatchObject({ status: 404, code: "request/not-found" });
    });

    test("gives no segment that may still grow, and none whose cells are gone", async () => {
      const { segmentMs } = decodeInfo((await ask("GET", INFO_PATH)).bytes);
      const [shard, now] = [newShard(), segmentAt(Date.now(), segmentMs)];
      const of = async (segment: number) => await ask("GET", segmentPath(shard, segment, { tags: true }));
      expect(await of(now + 1)).toMatchObject({ status: 409, code: "segment/open" });
      expect(await of(now - 2_000)).toMatchObject({ status: 410, code: "segment/expired" });
      expect(await of(now - 2)).toMatchObject({ status: 200, bytes: new Uint8Array() });
    });

    test("says what it is", async () => {
      const info = decodeInfo((await ask("GET", INFO_PATH)).bytes);
      expect(info).toMatchObject({ protocol: 1, retentionMs: 14 * 24 * 60 * 60 * 1000, limits: { appendRecords: 256, subscriptions: 16 } });
      expect(info.board.length).toBe(16);
    });
  });

  describe("the live socket", () => {
    test("replays, then goes live, without a gap, while others write", async () => {
      const shard = newShard();
      const write = async (n: number): Promise<unknown> => await append({ shard, tag: newTag(), body: body(n) });
      for (let n = 1; n <= 5; n++) await write(n);
      await using reader = await Reader.connect(relay);
      const writing = Promise.all([6, 7, 8, 9].map(write));
      reader.say({ t: "subscribe", id: 1, shard, after: 0, credit: 100 });
      await writing;
      await reader.until(() => reader.cells.length >= 9);
      await write(10);
      await reader.until(() => reader.cells.length >= 10);
      expect(reader.cells.map(({ body: [n] }) => n).toSorted((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const cursors = reader.cells.map(({ cursor }) => cursor);
      expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
      expect(reader.kinds.filter((kind) => kind === "live")).toHaveLength(1);
      expect(reader.kinds[0]).toBe("subscribed");
    });

    test("goes on after a cursor, and gives no more than was granted", async () => {
      const shard = newShard();
      for (let n = 1; n <= 6; n++) await append({ shard, tag: newTag(), body: body(n) });
      await using reader = await Reader.connect(relay);
      reader.say({ t: "subscribe", id: 1, shard, after: 0, credit: 2 });
      await reader.until(() => reader.cells.length >= 2);
      await reader.answered();
      expect(reader.cells.map(({ body: [n] }) => n)).toEqual([1, 2]);
      expect(reader.kinds).not.toContain("live");
      reader.say({ t: "credit", id: 1, cells: 1 });
      await reader.until(() => reader.cells.length >= 3);
      reader.say({ t: "subscribe", id: 2, shard, after: reader.cells[2]?.cursor ?? 0, credit: 100 });
      await reader.until(() => reader.kinds.includes("live"));
      expect(reader.cells.slice(3).map(({ body: [n] }) => n)).toEqual([4, 5, 6]);
      reader.say({ t: "unsubscribe", id: 2 });
      await reader.answered();
      await append({ shard, tag: newTag(), body: body(7) });
      await reader.answered();
      expect(reader.cells).toHaveLength(6);
    });

    test("is live at once where nothing is, also without credit", async () => {
      await using reader = await Reader.connect(relay);
      reader.say({ t: "subscribe", id: 1, shard: newShard(), after: 0 });
      await reader.until(() => reader.kinds.includes("live"));
      expect(reader.events[0]).toMatchObject({ t: "subscribed", head: 0 });
    });

    test("refuses a cursor of another board, an id twice, one that is not there, and a 17th subscription", async () => {
      await using reader = await Reader.connect(relay);
      const codes = (): string[] => reader.events.flatMap((event) => (event.t === "error" ? [event.code] : []));
      reader.say({ t: "subscribe", id: 1, shard: newShard(), after: 1_000_000 });
      await reader.until(() => codes().length === 1);
      reader.say({ t: "credit", id: 1, cells: 1 });
      await reader.until(() => codes().length === 2);
      for (let id = 1; id <= 16; id++) reader.say({ t: "subscribe", id, shard: newShard(), after: 0 });
      reader.say({ t: "subscribe", id: 16, shard: newShard(), after: 0 });
      reader.say({ t: "subscribe", id: 17, shard: newShard(), after: 0 });
      await reader.until(() => codes().length === 4);
      expect(codes()).toEqual([
        "live/cursor-ahead",
        "live/unknown-subscription",
        "live/subscription-exists",
        "live/too-many-subscriptions",
      ]);
    });

    test("ends with a reason when it is told nonsense", async () => {
      await using reader = await Reader.connect(relay);
      reader.socket.send(new Uint8Array([1, 2, 3]));
      await reader.closed;
      expect(reader.events.at(-1)).toMatchObject({ t: "error", code: "frame/invalid" });
    });
  });

  describe("the directory", () => {
    const put = async (account: KeyPair, list: Uint8Array, bundles: readonly PublishedBundle[] = []) =>
      await ask("PUT", directoryPath(account.publicKey), encodeDirectoryRecord({ list, bundles }));

    test("gives what was published; who asks gets another one-time prekey each, until none is left", async () => {
      const someone = new Someone();
      const published = someone.bundle(1);
      expect(await put(someone.account, someone.list(1), [published])).toMatchObject({ status: 200 });
      const path = directoryPath(someone.account.publicKey);
      const looked = decodeFoundRecord((await ask("GET", directoryPath(someone.account.publicKey, { peek: true }))).bytes);
      expect(looked).toEqual({ list: someone.list(1), bundles: [{ bytes: published.bytes }] });
      const ids = new Set<number>();
      // The real relay gives ten of one account at once; that is a rate, and not the contract.
      for (let i = 0; i < 8; i++) {
        const [bundle] = decodeFoundRecord((await ask("GET", path)).bytes).bundles;
        expect(bundle?.oneTime?.list).toEqual(published.oneTime);
        const taken = bundle?.oneTime?.taken ?? 0;
        ids.add(takenOneTimePrekey(p, published.oneTime, taken, someone.oneTimeHash).id);
      }
      expect(ids.size).toBe(8);
    });

    test("keeps the newest list and bundle, and nothing of devices that left", async () => {
      const someone = new Someone();
      const { account } = someone;
      const [first, second] = [someone.bundle(1), someone.bundle(2)];
      await put(account, someone.list(2), [first]);
      expect(await put(account, someone.list(2), [first])).toMatchObject({ status: 200 });
      expect(await put(account, someone.list(1))).toMatchObject({ status: 409, code: "directory/stale" });
      expect(await put(account, someone.list(3), [someone.bundle(0)])).toMatchObject({ status: 409, code: "directory/stale" });
      expect(await put(account, someone.list(2, 5))).toMatchObject({ status: 409, code: "directory/conflict" });
      expect(await put(account, someone.list(3), [second])).toMatchObject({ status: 200 });
      const at = directoryPath(account.publicKey, { peek: true });
      expect(decodeFoundRecord((await ask("GET", at)).bytes)).toEqual({ list: someone.list(3), bundles: [{ bytes: second.bytes }] });
      await put(account, someone.list(4, 1, newDevice(p, 2)));
      expect(decodeFoundRecord((await ask("GET", at)).bytes).bundles).toEqual([]);
    });

    test("hands out no prekey again that a device publishes anew", async () => {
      const someone = new Someone();
      const taken = async (): Promise<number> => {
        const [bundle] = decodeFoundRecord((await ask("GET", directoryPath(someone.account.publicKey))).bytes).bundles;
        return bundle?.oneTime?.taken as number;
      };
      await put(someone.account, someone.list(1), [someone.bundle(1)]);
      const before = [await taken(), await taken(), await taken()];
      await put(someone.account, someone.list(1), [someone.bundle(2)]);
      const after = [await taken(), await taken(), await taken(), await taken(), await taken()];
      expect(new Set([...before, ...after]).size).toBe(8);
    });

    test("refuses what is not signed, not listed, of somebody else, or of the future", async () => {
      const [someone, other] = [new Someone(), new Someone()];
      const { account } = someone;
      const list = someone.list(1);
      const forged = list.with(list.length - 2, (list.at(-2) ?? 0) ^ 1);
      expect(await put(account, forged)).toMatchObject({ status: 422, code: "directory/bad-signature" });
      expect(await put(account, other.list(1))).toMatchObject({ status: 400, code: "frame/invalid" });
      expect(await put(account, someone.list(1), [other.bundle(1)])).toMatchObject({ status: 400, code: "frame/invalid" });
      expect(await put(account, someone.list(1), [someone.bundle(1, newDevice(p, 7))])).toMatchObject({ code: "directory/not-listed" });
      const ahead = someone.bundle(Date.now() + 2 * 60 * 60 * 1000);
      expect(await put(account, someone.list(1), [ahead])).toMatchObject({ status: 422, code: "directory/from-the-future" });
      const { oneTime: _, ...without } = someone.bundle(1);
      expect(await put(account, someone.list(1), [without])).toMatchObject({ status: 400, code: "frame/invalid" });
      expect(await ask("GET", directoryPath(account.publicKey))).toMatchObject({ status: 404, code: "directory/not-found" });
    });

    test("gives a handle to the first who claims it, five to an account", async () => {
      const [first, second] = [generateKeyPair(p), generateKeyPair(p)];
      const claim = async (account: KeyPair, handle: string, issued = Date.now(), signer = account) => {
        const signature = sign(p, signer, handleClaimMessage(handle, issued));
        return await ask("PUT", handlePath(handle), encodeHandleClaim({ account: account.publicKey, issued, signature }));
      };
      expect(await ask("GET", handlePath("nobody"))).toMatchObject({ status: 404, code: "handle/not-found" });
      expect(await ask("GET", "/v1/handles/No!")).toMatchObject({ status: 400, code: "handle/invalid" });
      expect(await claim(first, "alice", 1, second)).toMatchObject({ status: 422, code: "handle/bad-signature" });
      for (const handle of ["alice", "alice", "alice-2", "alice-3", "alice-4", "alice-5"]) {
        expect(await claim(first, handle)).toMatchObject({ status: 200 });
      }
      expect(decodeHandleAnswer((await ask("GET", handlePath("alice"))).bytes)).toEqual(Uint8Array.from(first.publicKey));
      expect(await claim(second, "alice")).toMatchObject({ status: 409, code: "handle/taken" });
      expect(await claim(first, "alice-6")).toMatchObject({ status: 409, code: "handle/too-many" });
    });
  });

  describe("blobs", () => {
    const range = (first: number, last: number, size: number) => ({ "content-range": encodeContentRange({ first, last, size }) });

    test("go up in parts, go on where they stopped, and are written once", async () => {
      const path = blobPath(p.randomBytes(32));
      const blob = p.randomBytes(1000);
      expect(await ask("HEAD", path)).toMatchObject({ status: 404 });
      const first = await ask("PUT", path, blob.slice(0, 400), range(0, 399, 1000));
      expect([first.status, decodeBlobState(first.bytes)]).toEqual([202, { received: 400, size: 1000 }]);
      expect(await ask("GET", path)).toMatchObject({ status: 404, code: "blob/not-found" });
      const head = await ask("HEAD", path);
      expect([head.headers.get(UPLOAD_OFFSET_HEADER), head.headers.get(UPLOAD_COMPLETE_HEADER)]).toEqual(["400", "?0"]);
      expect(await ask("PUT", path, blob.slice(500), range(500, 999, 1000))).toMatchObject({ status: 409, code: "blob/offset" });
      expect(await ask("PUT", path, blob.slice(400), range(400, 899, 900))).toMatchObject({ status: 400, code: "frame/invalid" });
      expect(await ask("PUT", path, blob.slice(0, 900), range(0, 899, 900))).toMatchObject({ status: 409, code: "blob/conflict" });
      expect(await ask("PUT", path, blob.slice(400), range(400, 999, 1000))).toMatchObject({ status: 201 });
      expect(await ask("PUT", path, blob)).toMatchObject({ status: 201 });
      expect(await ask("PUT", path, blob.with(7, 0).with(8, 1))).toMatchObject({ status: 409, code: "blob/conflict" });
      expect((await ask("GET", path)).bytes).toEqual(blob);
    });

    test("come down in ranges", async () => {
      const path = blobPath(p.randomBytes(32));
      const blob = p.randomBytes(100);
      await ask("PUT", path, blob);
      const get = async (text: string) => await ask("GET", path, undefined, { range: text });
      const middle = await get("bytes=10-19");
      expect([middle.status, middle.headers.get("content-range"), middle.bytes]).toEqual([206, "bytes 10-19/100", blob.slice(10, 20)]);
      expect((await get("bytes=90-")).bytes).toEqual(blob.slice(90));
      expect((await get("bytes=90-500")).bytes).toEqual(blob.slice(90));
      expect(await get("bytes=100-")).toMatchObject({ status: 416, code: "blob/range" });
      expect(await get("bytes=-5")).toMatchObject({ status: 416, code: "blob/range" });
      expect(await ask("PUT", path, new Uint8Array())).toMatchObject({ status: 400, code: "frame/invalid" });
    });
  });
});

/** An account with one device, and what it publishes. */
class Someone {
  readonly account = generateKeyPair(p);
  readonly #device = newDevice(p, 1);
  readonly #prekeys = publishedPrekeys(p, this.#device.keys, newPrekeys(p, 1));
  readonly #lists = new Map<string, Uint8Array>();

  get oneTimeHash(): Uint8Array {
    return this.#prekeys.prekeys.oneTimeHash;
  }

  /** The list with one device, of this version and time: one always gets the same bytes. */
  list(version: number, issued = 1, device = this.#device): Uint8Array {
    const key = `${version} ${issued} ${device.id}`;
    const made = this.#lists.get(key);
    if (made !== undefined) return made;
    const entries = [signDeviceEntry(p, device, this.account.publicKey, 1)];
    const { bytes } = signDeviceList(p, this.account, { version, issued, entries, previous: new Uint8Array(32) });
    this.#lists.set(key, bytes);
    return bytes;
  }

  bundle(issued: number, device: Device = this.#device): Required<PublishedBundle> {
    const { prekeys, oneTime } = this.#prekeys;
    const fields = { issued, bits: 0, locator: new Uint8Array(8), prekeys };
    return { bytes: signBundle(p, device, this.account.publicKey, fields).bytes, oneTime };
  }
}

/** A live socket and everything it brought. */
class Reader implements AsyncDisposable {
  readonly socket: WebSocket;
  readonly events: LiveEvent[] = [];
  readonly closed: Promise<void>;
  #check: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    this.closed = new Promise((resolve) => socket.addEventListener("close", () => resolve()));
    socket.addEventListener("message", ({ data }) => {
      this.events.push(decodeLiveEvent(new Uint8Array(data as ArrayBuffer)));
      this.#check();
    });
  }

  static async connect({ url, transport }: Subject): Promise<Reader> {
    const reader = new Reader(transport.webSocket(`${url.replace(/^http/, "ws")}${LIVE_PATH}`));
    await new Promise((resolve) => reader.socket.addEventListener("open", resolve));
    return reader;
  }

  get kinds(): string[] {
    return this.events.map(({ t }) => t);
  }

  get cells() {
    return this.events.flatMap((event) => (event.t === "cells" ? event.cells : []));
  }

  say(request: LiveRequest): void {
    this.socket.send(encodeLiveRequest(request) as Uint8Array<ArrayBuffer>);
  }

  async until(reached: () => boolean): Promise<void> {
    if (reached()) return;
    await new Promise<void>((resolve) => (this.#check = () => reached() && resolve()));
  }

  /** What was said before has been answered. */
  async answered(): Promise<void> {
    const pongs = this.kinds.filter((kind) => kind === "pong").length;
    this.say({ t: "ping" });
    await this.until(() => this.kinds.filter((kind) => kind === "pong").length > pongs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
