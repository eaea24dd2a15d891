// What every store must do, run by each store's own test file. A store is opened in a directory, with limits and a clock.

import { statSync } from "node:fs";
import { join } from "node:path";
import { type AppendRecord, type AppendResult, decodePinnedCells, decodePinnedTags, shardOf, WHOLE_BOARD } from "@sotto/wire";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Clock } from "../src/clock.ts";
import { type Limits, limitsWith } from "../src/limits.ts";
import type { Store } from "../src/store/store.ts";
import { prekeySuite } from "./prekey-suite.ts";
import { numberOf, testCell, testCells } from "./support/cells.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { temporaryDirectory } from "./support/temporary.ts";
import { linesUntilKilled } from "./support/until-killed.ts";

/** A store to be tried. */
export interface StoreUnderTest {
  open(directory: string, limits: Limits, clock: Clock): Promise<Store>;
  /** The file that holds the cells, to see it shrink. */
  readonly file: string;
  /** A program that takes a directory and a first number, appends test cells and prints the acknowledged numbers. */
  readonly appendForever: string;
  /** A program that takes a directory and a number of accounts, takes their records in turn, and prints "account id" of each prekey it got. */
  readonly takeForever: string;
}

const SHARD = shardOf(4, new Uint8Array(8).fill(0xff));
const MINUTE = 60_000;

/** Registers the tests. */
export function storeSuite(under: StoreUnderTest): void {
  const opened = async (
    changes: Partial<Limits> = {},
    directory = temporaryDirectory(),
  ): Promise<{ store: Store; clock: ManualClock; directory: string }> => {
    const clock = new ManualClock();
    const store = await under.open(directory, limitsWith({ segmentMs: MINUTE, retentionMs: 10 * MINUTE, ...changes }), clock);
    onTestFinished(() => store.close());
    return { store, clock, directory };
  };

  describe("cells", () => {
    it("are read in the order of their append, each once, from any cursor", async () => {
      const { store } = await opened();
      await store.append(testCells(0, 5));
      await store.append(testCells(5, 5));
      const all = await readAll(store);
      expect(all.map((cell) => numberOf(cell.tag))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(all[3]).toEqual({ cursor: all[3]?.cursor, tag: testCell(3).tag, body: testCell(3).body });
      const rest = await store.read(WHOLE_BOARD, all[6]!.cursor, { limit: 100 });
      expect(decodePinnedCells(rest.bytes)).toEqual(all.slice(7));
      expect(rest).toMatchObject({ count: 3, last: all[9]!.cursor });
    });

    it("are read within a bound, up to a cursor, and without bodies", async () => {
      const { store } = await opened();
      await store.append(testCells(0, 6));
      const all = await readAll(store);
      const some = await store.read(WHOLE_BOARD, 0, { limit: 2 });
      expect(decodePinnedCells(some.bytes)).toEqual(all.slice(0, 2));
      const upTo = await store.read(WHOLE_BOARD, all[0]!.cursor, { limit: 100, upTo: all[2]!.cursor });
      expect(decodePinnedCells(upTo.bytes)).toEqual(all.slice(1, 3));
      const tags = await store.read(WHOLE_BOARD, 0, { limit: 100, tags: true });
      expect(decodePinnedTags(tags.bytes)).toEqual(all.map(({ cursor, tag }) => ({ cursor, tag })));
      expect(await store.read(WHOLE_BOARD, all[5]!.cursor, { limit: 10 })).toEqual({ bytes: new Uint8Array(0), count: 0, last: 0 });
    });

    it("are written once per tag, within a batch and across batches", async () => {
      const { store } = await opened();
      expect(await store.append([testCell(1)])).toEqual(["stored"]);
      expect(await store.append([testCell(1), testCell(1, { variant: 9 }), testCell(2), testCell(2), testCell(2, { variant: 1 })])).toEqual(
        ["duplicate", "conflict", "stored", "duplicate", "conflict"],
      );
      const all = await readAll(store);
      expect(all.map((cell) => cell.body)).toEqual([testCell(1).body, testCell(2).body]);
    });

    it("give one winner when many race for a tag", async () => {
      const { store } = await opened();
      const results = await Promise.all(Array.from({ length: 20 }, (_, variant) => store.append([testCell(7, { variant })])));
      expect(results.flat().filter((result) => result === "stored")).toHaveLength(1);
      expect(results.flat().filter((result) => result === "conflict")).toHaveLength(19);
    });

    it("of one shard are not seen in another, and its tags are its own", async () => {
      const { store } = await opened();
      await store.append([testCell(1), testCell(2, { shard: SHARD }), testCell(1, { shard: SHARD, variant: 3 })]);
      expect((await readAll(store)).map((cell) => numberOf(cell.tag))).toEqual([1]);
      expect((await readAll(store, SHARD)).map((cell) => numberOf(cell.tag))).toEqual([2, 1]);
      expect((await store.state(SHARD)).head).toBeGreaterThan((await store.state(WHOLE_BOARD)).head);
    });

    it("are there again after closing and opening, under the same cursors and the same board", async () => {
      const { store, directory } = await opened();
      await store.append(testCells(0, 4));
      const before = { board: store.board, cells: await readAll(store) };
      await store.close();
      const { store: again } = await opened({}, directory);
      expect({ board: again.board, cells: await readAll(again) }).toEqual(before);
      expect(await again.append([testCell(2, { variant: 1 }), testCell(4)])).toEqual(["conflict", "stored"]);
    });

    it("that were accepted are finished by closing; later ones are refused", async () => {
      const { store, directory } = await opened();
      const accepted = Array.from({ length: 50 }, (_, n) => store.append([testCell(n)]));
      const closed = store.close();
      await expect(store.append([testCell(99)])).rejects.toMatchObject({ code: "relay/stopping" });
      expect((await Promise.all(accepted)).flat()).toEqual(Array<AppendResult>(50).fill("stored"));
      await closed;
      const { store: again } = await opened({}, directory);
      expect(await readAll(again)).toHaveLength(50);
    });

    it("that wait are bounded", async () => {
      const { store } = await opened({ queuedCells: 10 });
      const settled = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => store.append([testCell(n)])));
      const refused = settled.filter((each) => each.status === "rejected");
      expect(refused).toHaveLength(20);
      expect(refused[0]).toMatchObject({ reason: { code: "relay/busy", retryAfter: 1 } });
      expect(await readAll(store)).toHaveLength(10);
    });
  });

  describe("watching", () => {
    it("tells every new cell of every shard, in order, before the append is acknowledged", async () => {
      const { store } = await opened();
      const told: { bits: number; numbers: number[] }[] = [];
      const stop = store.watch(({ shard, bytes, count, last }) => {
        const cells = decodePinnedCells(bytes);
        expect({ count, last }).toEqual({ count: cells.length, last: cells.at(-1)?.cursor });
        told.push({ bits: shard.bits, numbers: cells.map((cell) => numberOf(cell.tag)) });
      });
      await store.append([testCell(1), testCell(2, { shard: SHARD }), testCell(1), testCell(3)]);
      expect(told).toEqual([
        { bits: 0, numbers: [1, 3] },
        { bits: 4, numbers: [2] },
      ]);
      stop();
      await store.append([testCell(4)]);
      expect(told).toHaveLength(2);
    });

    it("never tells of a cell that a read does not show", async () => {
      const { store } = await opened();
      const reads: Promise<boolean>[] = [];
      store.watch(({ last }) => reads.push(store.read(WHOLE_BOARD, last - 1, { limit: 1 }).then((run) => run.last === last)));
      await Promise.all(Array.from({ length: 40 }, (_, n) => store.append([testCell(n)])));
      expect(await Promise.all(reads)).not.toContain(false);
    });
  });

  describe("segments", () => {
    it("are open while their time runs, then never change", async () => {
      const { store, clock } = await opened();
      const segment = Math.floor(clock.now() / MINUTE);
      await store.append(testCells(0, 3));
      expect(await store.segment(WHOLE_BOARD, segment)).toBe("open");
      expect(await store.segment(WHOLE_BOARD, segment + 5)).toBe("open");
      clock.advance(MINUTE);
      await store.append([testCell(3), testCell(4, { shard: SHARD })]);
      const range = await store.segment(WHOLE_BOARD, segment);
      if (typeof range === "string") throw new Error("the segment is closed");
      expect(range.count).toBe(3);
      const run = await store.read(WHOLE_BOARD, range.after, { limit: 100, upTo: range.last });
      expect(decodePinnedCells(run.bytes).map((cell) => numberOf(cell.tag))).toEqual([0, 1, 2]);
      // One of no shard's time and one of another shard.
      expect(await store.segment(SHARD, segment)).toMatchObject({ count: 0 });
      expect(await store.segment(WHOLE_BOARD, segment - 1)).toMatchObject({ count: 0 });
    });

    it("stay closed when the clock is set back", async () => {
      const { store, clock } = await opened();
      const segment = Math.floor(clock.now() / MINUTE);
      await store.append([testCell(0)]);
      clock.advance(MINUTE);
      const range = await store.segment(WHOLE_BOARD, segment);
      clock.setBack(MINUTE);
      await store.append([testCell(1)]);
      clock.advance(2 * MINUTE);
      expect(await store.segment(WHOLE_BOARD, segment)).toEqual(range);
      expect(await store.segment(WHOLE_BOARD, segment + 1)).toMatchObject({ count: 1 });
    });

    it("expire with their cells", async () => {
      const { store, clock } = await opened();
      const segment = Math.floor(clock.now() / MINUTE);
      await store.append([testCell(0)]);
      clock.advance(12 * MINUTE);
      expect(await store.segment(WHOLE_BOARD, segment)).toBe("expired");
    });
  });

  describe("expiry", () => {
    it("forgets what is past its retention and nothing else", async () => {
      const { store, clock } = await opened();
      await store.append(testCells(0, 3));
      clock.advance(6 * MINUTE);
      await store.append(testCells(3, 3));
      clock.advance(5 * MINUTE);
      expect(await expireAll(store)).toBe(3);
      expect((await readAll(store)).map((cell) => numberOf(cell.tag))).toEqual([3, 4, 5]);
      const { head, expired } = await store.state(WHOLE_BOARD);
      expect({ expired, head }).toEqual({ expired: 3, head: 6 });
      expect(await expireAll(store)).toBe(0);
    });

    it("never gives a cursor twice, also when everything went and the store was opened anew", async () => {
      const { store, clock, directory } = await opened();
      await store.append(testCells(0, 3));
      clock.advance(20 * MINUTE);
      await expireAll(store);
      await store.close();
      const { store: again } = await opened({}, directory);
      expect((await again.state(WHOLE_BOARD)).expired).toBe(3);
      await again.append([testCell(3)]);
      expect((await readAll(again)).map((cell) => cell.cursor)).toEqual([4]);
    });

    it("gives the disk its bytes back", async () => {
      const { store, clock, directory } = await opened();
      for (let n = 0; n < 4000; n += 250) await store.append(testCells(n, 250));
      const full = sizeOnDisk(directory, under.file);
      expect(full).toBeGreaterThan(4000 * 4096);
      clock.advance(20 * MINUTE);
      expect(await expireAll(store)).toBe(4000);
      expect(sizeOnDisk(directory, under.file)).toBeLessThan(full / 10);
    });
  });

  describe("a full disk", () => {
    it("refuses cells, loses none, and takes cells again when there is room", async () => {
      const { store, clock } = await opened({ boardBytes: 600_000 });
      const { acknowledged, refusal } = await appendUntilRefused(store);
      expect(refusal).toMatchObject({ code: "board/full", retryAfter: expect.any(Number) });
      expect(acknowledged.length).toBeGreaterThan(50);
      // What was refused is not there in part, and what was acknowledged is all there.
      expect((await readAll(store)).map(({ tag, body }) => ({ tag, body }))).toEqual(acknowledged.map(({ tag, body }) => ({ tag, body })));
      clock.advance(20 * MINUTE);
      await expect(store.append(testCells(5000, 5))).rejects.toMatchObject({ code: "board/full" });
      await expireAll(store);
      expect(await store.append(testCells(6000, 5))).toEqual(Array<AppendResult>(5).fill("stored"));
      // The refused cells were the first of their segment: these are the first now.
      clock.advance(MINUTE);
      expect(await store.segment(WHOLE_BOARD, Math.floor(clock.now() / MINUTE) - 1)).toMatchObject({ count: 5 });
    });
  });

  describe("kill -9", () => {
    it("loses nothing that was acknowledged and repeats nothing", { timeout: 60_000 }, async () => {
      const directory = temporaryDirectory();
      const acknowledged = new Set<number>();
      for (const wanted of [3, 120, 400]) {
        const first = acknowledged.size === 0 ? 0 : Math.max(...acknowledged) + 1000;
        for (const line of await linesUntilKilled(under.appendForever, [directory, `${first}`], wanted)) acknowledged.add(Number(line));
      }
      const { store } = await opened({ retentionMs: 1000 * 365 * 24 * 60 * MINUTE }, directory);
      const cells = await readAll(store);
      const numbers = cells.map((cell) => numberOf(cell.tag));
      expect(new Set(numbers).size).toBe(numbers.length);
      expect([...acknowledged].filter((number) => !numbers.includes(number))).toEqual([]);
      for (const cell of cells) expect(Buffer.compare(cell.body, testCell(numberOf(cell.tag)).body)).toBe(0);
    });
  });

  describe("records", () => {
    const account = new Uint8Array(33).fill(5);
    const part = (content: number, signature: number): { bytes: Uint8Array; signedLength: number } => ({
      bytes: Uint8Array.of(content, signature),
      signedLength: 1,
    });

    it("are kept, merged by device, and follow the list", async () => {
      const { store, directory } = await opened();
      expect(await store.record(account)).toBeUndefined();
      const bundle = (device: number, issued: number): { device: number; issued: number; bytes: Uint8Array; signedLength: number } => ({
        device,
        issued,
        ...part(device * 10 + issued, 0),
      });
      await store.putRecord({ account, list: { version: 1, ...part(1, 0) }, devices: [1, 2], bundles: [bundle(1, 1), bundle(2, 1)] });
      await store.putRecord({ account, list: { version: 1, ...part(1, 9) }, devices: [1, 2], bundles: [bundle(2, 2)] });
      expect(await store.record(account)).toEqual({
        list: Uint8Array.of(1, 0),
        bundles: [{ bytes: Uint8Array.of(11, 0) }, { bytes: Uint8Array.of(22, 0) }],
      });
      await store.putRecord({ account, list: { version: 2, ...part(2, 0) }, devices: [2], bundles: [] });
      await store.close();
      const { store: again } = await opened({}, directory);
      expect(await again.record(account)).toEqual({ list: Uint8Array.of(2, 0), bundles: [{ bytes: Uint8Array.of(22, 0) }] });
    });

    it("that are refused change nothing", async () => {
      const { store } = await opened();
      const newer = { account, list: { version: 2, ...part(2, 0) }, devices: [1], bundles: [{ device: 1, issued: 5, ...part(7, 0) }] };
      await store.putRecord(newer);
      const held = await store.record(account);
      const stale = { ...newer, list: { version: 1, ...part(1, 0) } };
      await expect(store.putRecord(stale)).rejects.toMatchObject({ code: "directory/stale" });
      await expect(store.putRecord({ ...newer, list: { version: 2, ...part(3, 0) } })).rejects.toMatchObject({
        code: "directory/conflict",
      });
      // The list alone would be accepted: the bundle's refusal takes it along.
      const half = { ...newer, list: { version: 3, ...part(4, 0) }, bundles: [{ device: 1, issued: 4, ...part(8, 0) }] };
      await expect(store.putRecord(half)).rejects.toMatchObject({ code: "directory/stale" });
      const foreign = { ...newer, bundles: [{ device: 9, issued: 9, ...part(9, 0) }] };
      await expect(store.putRecord(foreign)).rejects.toMatchObject({ code: "directory/not-listed" });
      expect(await store.record(account)).toEqual(held);
    });
  });

  prekeySuite(async (directory) => (await opened({}, directory)).store, under.takeForever);

  describe("the directory's room", () => {
    it("is bounded, for new accounts and handles only", async () => {
      const { store } = await opened({ accounts: 1 });
      const part = { bytes: Uint8Array.of(1, 2), signedLength: 1 };
      const record = (account: number, version: number): Parameters<Store["putRecord"]>[0] => ({
        account: new Uint8Array(33).fill(account),
        list: { version, ...part },
        devices: [],
        bundles: [],
      });
      await store.putRecord(record(1, 1));
      await expect(store.putRecord(record(2, 1))).rejects.toMatchObject({ code: "directory/full" });
      await store.putRecord(record(1, 2));
      await store.putHandle({ handle: "one", account: new Uint8Array(33).fill(1), issued: 1 });
      const other = { handle: "two", account: new Uint8Array(33).fill(2), issued: 1 };
      await expect(store.putHandle(other)).rejects.toMatchObject({ code: "directory/full" });
    });
  });

  describe("handles", () => {
    const alice = new Uint8Array(33).fill(1);
    const bob = new Uint8Array(33).fill(2);

    it("belong to the first who claims them", async () => {
      const { store } = await opened({ handlesPerAccount: 2 });
      expect(await store.handle("alice")).toBeUndefined();
      await store.putHandle({ handle: "alice", account: alice, issued: 1 });
      await store.putHandle({ handle: "alice", account: alice, issued: 2 });
      await expect(store.putHandle({ handle: "alice", account: bob, issued: 3 })).rejects.toMatchObject({ code: "handle/taken" });
      expect(await store.handle("alice")).toEqual(alice);
      await store.putHandle({ handle: "alice2", account: alice, issued: 1 });
      await expect(store.putHandle({ handle: "alice3", account: alice, issued: 1 })).rejects.toMatchObject({ code: "handle/too-many" });
      // All of one's handles being taken does not stop one from renewing them.
      await store.putHandle({ handle: "alice2", account: alice, issued: 5 });
    });
  });
}

async function readAll(store: Store, shard = WHOLE_BOARD): Promise<{ cursor: number; tag: Uint8Array; body: Uint8Array }[]> {
  const cells = [];
  for (let after = 0; ;) {
    const run = await store.read(shard, after, { limit: 100 });
    if (run.count === 0) return cells;
    cells.push(...decodePinnedCells(run.bytes));
    after = run.last;
  }
}

async function expireAll(store: Store): Promise<number> {
  for (let removed = 0; ;) {
    const step = await store.expire();
    removed += step.removed;
    if (!step.more) return removed;
  }
}

/** Fills the disk: what was acknowledged until the first refusal, and the refusal. */
async function appendUntilRefused(store: Store): Promise<{ acknowledged: AppendRecord[]; refusal: unknown }> {
  const acknowledged: AppendRecord[] = [];
  for (let n = 0; n < 1000; n += 5) {
    const cells = testCells(n, 5);
    try {
      await store.append(cells);
    } catch (refusal) {
      return { acknowledged, refusal };
    }
    acknowledged.push(...cells);
  }
  throw new Error("the disk did not fill");
}

function sizeOnDisk(directory: string, file: string): number {
  return [file, `${file}-wal`].reduce((sum, name) => sum + (statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
