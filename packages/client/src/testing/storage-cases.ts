// What every `Storage` must do, as cases that run anywhere: under a test runner, or in a browser's page. Takes a fixture that opens
// handles on one and the same new, empty storage; a case throws when the storage fails it. Not a concern here: full disks, crashes and
// what else needs a hand on the machine; those are tests of each adapter.

import type { Storage, StorageChannel, StorageOp } from "../api.ts";
import { MessengerError } from "../errors.ts";

/** One storage, empty at first. */
export interface StorageFixture {
  /** A handle on it, as another tab or process would make it. */
  open(): Storage;
  /** A handle on another storage of the same kind. */
  openOther(): Storage;
}

/** One rule and how to see whether it holds. */
export interface StorageCase {
  readonly name: string;
  run(fixture: StorageFixture): Promise<void>;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
/** How long to wait for a message before looking again, ms. */
const SOON_MS = 10;
const MOST_LOOKS = 1_000;
const put = (key: Uint8Array, value: Uint8Array): StorageOp => ({ put: key, value });
const EVERYTHING = { from: bytes(), to: bytes(255, 255) };

/** The rules. */
export const storageCases: readonly StorageCase[] = [
  {
    name: "an empty storage has nothing",
    async run({ open }) {
      const storage = open();
      must((await storage.get(bytes(1))) === undefined, "get answers undefined");
      must((await keys(storage, EVERYTHING)).length === 0, "scan yields nothing");
    },
  },
  {
    name: "values come back as they were put, empty and large ones too",
    async run({ open }) {
      const storage = open();
      const large = new Uint8Array(1_000_000).map((_, i) => i);
      await storage.batch([put(bytes(1), bytes()), put(bytes(2), bytes(0)), put(bytes(3), large)]);
      same(await storage.get(bytes(1)), bytes(), "empty value");
      same(await storage.get(bytes(2)), bytes(0), "one byte");
      same(await storage.get(bytes(3)), large, "a million bytes");
    },
  },
  {
    name: "keys are in byte order, a prefix before what it begins",
    async run({ open }) {
      const storage = open();
      const order = [
        bytes(0),
        bytes(0, 0),
        bytes(0, 255),
        bytes(1),
        bytes(1, 2, 3),
        bytes(2),
        bytes(127),
        bytes(128),
        bytes(255),
        bytes(255, 0),
      ];
      await storage.batch(order.toReversed().map((key) => put(key, key)));
      sameList(await keys(storage, EVERYTHING), order, "ascending");
      sameList(await keys(storage, { ...EVERYTHING, reverse: true }), order.toReversed(), "descending");
    },
  },
  {
    name: "a range holds its first key and not its last; limits count from where the scan starts",
    async run({ open }) {
      const storage = open();
      await storage.batch([1, 2, 3, 4, 5].map((n) => put(bytes(n), bytes(n))));
      const range = { from: bytes(2), to: bytes(5) };
      sameList(await keys(storage, range), [bytes(2), bytes(3), bytes(4)], "half open");
      sameList(await keys(storage, { ...range, limit: 2 }), [bytes(2), bytes(3)], "the first two");
      sameList(await keys(storage, { ...range, limit: 2, reverse: true }), [bytes(4), bytes(3)], "the last two");
      sameList(await keys(storage, { ...range, limit: 0 }), [], "none");
      sameList(await keys(storage, { from: bytes(4), to: bytes(4) }), [], "an empty range");
      sameList(await keys(storage, { from: bytes(5), to: bytes(4) }), [], "a range upside down");
    },
  },
  {
    name: "long scans yield everything once, in order, both ways",
    async run({ open }) {
      const storage = open();
      const all = Array.from({ length: 1100 }, (_, i) => bytes(7, i >> 8, i & 255));
      await storage.batch(all.map((key) => put(key, key)));
      const range = { from: bytes(7), to: bytes(8) };
      sameList(await keys(storage, range), all, "ascending");
      sameList(await keys(storage, { ...range, reverse: true }), all.toReversed(), "descending");
      sameList(await keys(storage, { ...range, limit: 600 }), all.slice(0, 600), "limited");
    },
  },
  {
    name: "a batch is applied in its order: the last change of a key counts",
    async run({ open }) {
      const storage = open();
      await storage.batch([
        put(bytes(1), bytes(1)),
        { del: bytes(1) },
        put(bytes(2), bytes(1)),
        put(bytes(2), bytes(2)),
        { del: bytes(9) },
      ]);
      must((await storage.get(bytes(1))) === undefined, "put, then deleted");
      same(await storage.get(bytes(2)), bytes(2), "put twice");
      await storage.batch([{ del: bytes(2) }, put(bytes(2), bytes(3))]);
      same(await storage.get(bytes(2)), bytes(3), "deleted, then put");
    },
  },
  {
    name: "batches at the same time are all applied",
    async run({ open }) {
      const storage = open();
      const all = Array.from({ length: 50 }, (_, i) => bytes(i));
      await Promise.all(all.map((key) => storage.batch([put(key, key), put(bytes(100, ...key), key)])));
      must((await keys(storage, EVERYTHING)).length === 100, "100 entries");
    },
  },
  {
    name: "what is handed in is copied, what is handed out is a copy",
    async run({ open }) {
      const storage = open();
      const [key, value] = [bytes(1), bytes(1, 2, 3)];
      const written = storage.batch([put(key, value)]);
      await written;
      key[0] = 9;
      value.fill(0);
      const read = await storage.get(bytes(1));
      same(read, bytes(1, 2, 3), "unchanged by its writer");
      read?.fill(0);
      same(await storage.get(bytes(1)), bytes(1, 2, 3), "unchanged by its reader");
    },
  },
  {
    name: "a scan may be left early, and may change what it walks over",
    async run({ open }) {
      const storage = open();
      await storage.batch(Array.from({ length: 300 }, (_, i) => put(bytes(1, i >> 8, i & 255), bytes(1))));
      const scan = storage.scan(EVERYTHING)[Symbol.asyncIterator]();
      await scan.next();
      await scan.return?.();
      for await (const [key] of storage.scan(EVERYTHING)) await storage.batch([{ del: key }]);
      must((await keys(storage, EVERYTHING)).length === 0, "everything was deleted on the way");
    },
  },
  {
    name: "everything is there after closing and opening, in the same and in another handle",
    async run({ open }) {
      const storage = open();
      await storage.batch([put(bytes(1), bytes(1))]);
      await storage.close();
      await storage.close();
      same(await open().get(bytes(1)), bytes(1), "another handle");
      same(await storage.get(bytes(1)), bytes(1), "the same handle");
    },
  },
  {
    name: "the lock has one holder, is free after release, and after close",
    async run({ open }) {
      const [first, second] = [open(), open()];
      const release = await first.lock();
      await rejects(second.lock(), "storage/locked");
      await rejects(first.lock(), "storage/locked");
      await release();
      await release();
      const releaseSecond = await second.lock();
      await release();
      await rejects(first.lock(), "storage/locked");
      await second.close();
      await (
        await first.lock()
      )();
      await releaseSecond();
    },
  },
  {
    name: "who waits for the lock gets it in turn, unless the wait was ended",
    async run({ open }) {
      const [first, second, third] = [open(), open(), open()];
      const release = await first.lock();
      const given = new AbortController();
      const waiting = second.lock({ wait: new AbortController().signal });
      let granted = false;
      waiting.then(
        () => (granted = true),
        () => undefined,
      );
      const left = third.lock({ wait: given.signal });
      given.abort();
      await rejects(left, "aborted");
      await rejects(third.lock({ wait: given.signal }), "aborted");
      await third.get(bytes(1));
      must(!granted, "not while it is held");
      await release();
      const releaseSecond = await waiting;
      await rejects(first.lock(), "storage/locked");
      await releaseSecond();
      await (
        await third.lock({ wait: new AbortController().signal })
      )();
    },
  },
  {
    name: "who closes while the lock comes does not stand in the way of the next",
    async run({ open }) {
      const [first, second, third] = [open(), open(), open()];
      const release = await first.lock();
      const gone = second.lock({ wait: new AbortController().signal }).then(
        async (releaseSecond) => await releaseSecond(),
        () => undefined,
      );
      await release();
      await second.close();
      await gone;
      const releaseThird = await third.lock();
      const [atThird, atSecond] = [await listen(third), await listen(second)];
      if (atThird === undefined || atSecond === undefined) return releaseThird();
      while (atThird.heard.length === 0) {
        atSecond.channel.post(bytes(2));
        await atThird.more();
      }
      await releaseThird();
      for (const { channel } of [atSecond, atThird]) await channel.close();
    },
  },
  {
    name: "where storages can be joined, the lock's holder and the others hear each other, in order, and nobody else does",
    async run({ open, openOther }) {
      const [holder, one, two, other] = [open(), open(), open(), openOther()];
      const release = await holder.lock();
      const ears = await Promise.all([holder, one, two, other].map(listen));
      if (ears.some((ear) => ear === undefined)) return;
      const [atHolder, atOne, atTwo, atOther] = ears as [Ear, Ear, Ear, Ear];
      // Who has just joined may not be heard yet.
      while (!atHolder.heard.some(([from]) => from === 1) || !atHolder.heard.some(([from]) => from === 2)) {
        atOne.channel.post(bytes(1));
        atTwo.channel.post(bytes(2));
        await atHolder.more();
      }
      for (let i = 0; i < 50; i++) atHolder.channel.post(bytes(0, i));
      atHolder.channel.post(new Uint8Array(1_000_000).fill(9));
      for (const ear of [atOne, atTwo]) {
        while (!ear.heard.some(({ length }) => length === 1_000_000)) await ear.more();
        sameList(
          ear.heard.filter(([from, , more]) => from === 0 && more === undefined),
          Array.from({ length: 50 }, (_, i) => bytes(0, i)),
          "in order",
        );
      }
      must(
        atHolder.heard.every(([from]) => from === 1 || from === 2),
        "nobody hears themselves",
      );
      must(atOther.heard.length === 0, "another storage hears nothing");
      await atOne.channel.close();
      atOne.channel.post(bytes(3));
      atTwo.channel.post(bytes(4));
      while (!atHolder.heard.some(([from]) => from === 4)) await atHolder.more();
      must(!atHolder.heard.some(([from]) => from === 3), "who has left is not heard");
      await release();
      for (const ear of [atHolder, atTwo, atOther]) await ear.channel.close();
    },
  },
  {
    name: "others may read while the lock is held",
    async run({ open }) {
      const [holder, reader] = [open(), open()];
      const release = await holder.lock();
      await holder.batch([put(bytes(1), bytes(2))]);
      same(await reader.get(bytes(1)), bytes(2), "the reader sees what was written");
      await release();
    },
  },
  {
    name: "the keeper opens what it sealed, in any handle, and nothing else",
    async run({ open, openOther }) {
      const secret = new Uint8Array(32).fill(7);
      const wrapped = await open().keeper.wrap(secret);
      same(await open().keeper.unwrap(wrapped), secret, "unwrapped");
      const changed = wrapped.slice();
      changed[wrapped.length - 1] = (changed[wrapped.length - 1] as number) ^ 1;
      await rejects(open().keeper.unwrap(changed), "storage/wrong-key");
      await rejects(open().keeper.unwrap(bytes()), "storage/wrong-key");
      const other = openOther();
      await other.keeper.wrap(secret);
      await rejects(other.keeper.unwrap(wrapped), "storage/wrong-key");
    },
  },
];

/** What somebody who joined has heard. */
interface Ear {
  readonly channel: StorageChannel;
  readonly heard: Uint8Array[];
  /** Resolves with the next message, or soon. */
  more(): Promise<void>;
}

async function listen(storage: Storage): Promise<Ear | undefined> {
  const heard: Uint8Array[] = [];
  let told = Promise.withResolvers<void>();
  const channel = await storage.join?.({
    received(message) {
      heard.push(message);
      told.resolve();
    },
  });
  if (channel === undefined) return undefined;
  let looked = 0;
  const more = async (): Promise<void> => {
    must(++looked < MOST_LOOKS, "what is posted is heard");
    const soon = setTimeout(told.resolve, SOON_MS);
    await told.promise;
    clearTimeout(soon);
    told = Promise.withResolvers();
  };
  return { channel, heard, more };
}

async function keys(storage: Storage, range: Parameters<Storage["scan"]>[0]): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const [key] of storage.scan(range)) found.push(key);
  return found;
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`the storage breaks a rule: ${rule}`);
}

function same(found: Uint8Array | undefined, expected: Uint8Array, rule: string): void {
  must(found !== undefined && found.join() === expected.join(), rule);
}

function sameList(found: readonly Uint8Array[], expected: readonly Uint8Array[], rule: string): void {
  must(found.map((key) => key.join()).join(" ") === expected.map((key) => key.join()).join(" "), rule);
}

async function rejects(promise: Promise<unknown>, code: "aborted" | "storage/locked" | "storage/wrong-key"): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(MessengerError.is(error, code), `fails with ${code}`);
}
