// A storage in the browser: one IndexedDB database. Takes a database name; gives a `Storage` whose batches are durable (`strict`), whose
// lock is a Web Lock (it goes with the tab), whose channel is a BroadcastChannel, whose keeper is a WebCrypto key that cannot be read out. Not a concern here: sealing.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Storage, StorageChannel } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { webCryptoKeeper } from "./keeper.ts";

interface Schema extends DBSchema {
  records: { key: ArrayBuffer; value: Uint8Array };
  /** One entry: the platform's key. */
  keeper: { key: "key"; value: CryptoKey };
}

type Database = IDBPDatabase<Schema>;

const FORMAT = 1;
/** Entries read at once by a scan: a transaction ends while its reader waits, so a long scan is many short ones. */
const PAGE = 256;

/** The IndexedDB database `name`, made on first use. Opens again by itself after `close()`. */
export function indexedDb(name: string): Storage {
  let opened: Promise<Database> | undefined;
  let release: (() => void) | undefined;
  const channels = new Set<StorageChannel>();

  const database = (): Promise<Database> => {
    opened ??= open(name, () => (opened = undefined)).catch((error: unknown) => {
      opened = undefined;
      throw asStorageError(error);
    });
    return opened;
  };

  const platformKey = async (): Promise<CryptoKey> => {
    const db = await database();
    const held = await db.get("keeper", "key");
    if (held !== undefined) return held;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have been faster: what is in the database counts.
    const write = db.transaction("keeper", "readwrite", { durability: "strict" });
    const present = await write.store.get("key");
    if (present === undefined) await write.store.put(made, "key");
    await write.done;
    return present ?? made;
  };

  return {
    keeper: webCryptoKeeper(platformKey),

    async get(key) {
      const db = await database();
      return await db.get("records", bufferOf(key)).catch(rethrow);
    },

    async *scan({ from, to, reverse = false, limit = Infinity }) {
      let low = bufferOf(from);
      let high = bufferOf(to);
      let lowOpen = false;
      for (let left = limit; left > 0;) {
        if (indexedDB.cmp(low, high) >= 0) return;
        const range = IDBKeyRange.bound(low, high, lowOpen, true);
        const asked = Math.min(left, PAGE);
        const page = await readPage(await database(), range, reverse, asked).catch(rethrow);
        for (const [key, value] of page) yield [new Uint8Array(key), value] as const;
        const last = page.at(-1);
        if (page.length < asked || last === undefined) return;
        left -= page.length;
        if (reverse) high = last[0];
        else [low, lowOpen] = [last[0], true];
      }
    },

    async batch(ops) {
      const db = await database();
      const write = db.transaction("records", "readwrite", { durability: "strict" });
      const { store, done } = write;
      try {
        for (const op of ops) {
          const request = "put" in op ? store.put(op.value.slice(), bufferOf(op.put)) : store.delete(bufferOf(op.del));
          // Its failure is the transaction's.
          request.catch(() => undefined);
        }
        await done;
      } catch (error) {
        await abort(write);
        throw asStorageError(error);
      }
    },

    async lock({ wait } = {}) {
      requirePlatform();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const { promise: granted, resolve: grant, reject: refuse } = Promise.withResolvers<boolean>();
      const how: LockOptions = wait === undefined ? { ifAvailable: true } : { signal: wait };
      const held = navigator.locks.request(`sotto ${name}`, how, async (lock) => {
        grant(lock !== null);
        if (lock !== null) await ended;
      });
      held.catch((error: unknown) => refuse(wait?.aborted === true ? new MessengerError("aborted", {}) : asStorageError(error)));
      if (!(await granted)) throw new MessengerError("storage/locked", {});
      release = end;
      return async () => end();
    },

    async join(listener) {
      const channel = new BroadcastChannel(`sotto ${name}`);
      channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (data instanceof Uint8Array) listener.received(data);
      });
      const joined: StorageChannel = {
        post(message) {
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel, not a window
          if (channels.has(joined)) channel.postMessage(message);
        },
        async close() {
          channels.delete(joined);
          channel.close();
        },
      };
      channels.add(joined);
      return joined;
    },

    async close() {
      for (const channel of channels) await channel.close();
      release?.();
      const closing = opened;
      opened = undefined;
      (await closing?.catch(() => undefined))?.close();
    },
  };
}

async function open(name: string, gone: () => void): Promise<Database> {
  requirePlatform();
  const db = await openDB<Schema>(name, FORMAT, {
    upgrade(database) {
      database.createObjectStore("records");
      database.createObjectStore("keeper");
    },
    terminated: gone,
    // A newer version of the application in another tab wants to upgrade the database, or it is being deleted: get out of its way.
    blocking() {
      gone();
      db.close();
    },
  });
  return db;
}

/** Up to `limit` entries of a range in one transaction. */
async function readPage(
  db: Database,
  range: IDBKeyRange,
  reverse: boolean,
  limit: number,
): Promise<(readonly [ArrayBuffer, Uint8Array])[]> {
  const { store, done } = db.transaction("records");
  const page: (readonly [ArrayBuffer, Uint8Array])[] = [];
  if (reverse) {
    for (let cursor = await store.openCursor(range, "prev"); cursor !== null && page.length < limit; cursor = await cursor.continue()) {
      page.push([cursor.key, cursor.value]);
    }
    await done;
    return page;
  }
  const [keys, values] = await Promise.all([store.getAllKeys(range, limit), store.getAll(range, limit), done]);
  keys.forEach((key, i) => page.push([key, values[i] as Uint8Array]));
  return page;
}

/** An exception alone would leave the requests before it to be committed. */
async function abort(write: { abort(): void; readonly done: Promise<void> }): Promise<void> {
  try {
    write.abort();
  } catch {
    // It has ended already.
  }
  await write.done.catch(() => undefined);
}

/** Says what is missing before the browser does with a `TypeError`. */
function requirePlatform(): void {
  const missing = (reason: string): never => {
    throw new MessengerError("storage/unavailable", { reason });
  };
  if (typeof indexedDB === "undefined") missing("this platform has no IndexedDB (in Node use sqliteFile)");
  if (globalThis.crypto?.subtle === undefined)
    missing("the page was not loaded over https or from localhost, so the browser keeps its cryptography away");
  if (globalThis.navigator?.locks === undefined) missing("this browser has no Web Locks; update it");
}

function bufferOf(key: Uint8Array): ArrayBuffer {
  return key.slice().buffer as ArrayBuffer;
}

function rethrow(error: unknown): never {
  throw asStorageError(error);
}

function asStorageError(error: unknown): MessengerError {
  if (error instanceof MessengerError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return new MessengerError("storage/full", {}, { cause: error });
  if (name === "VersionError") return new MessengerError("storage/newer", { found: FORMAT + 1, known: FORMAT }, { cause: error });
  return new MessengerError(
    "storage/unavailable",
    { reason: `the browser's database failed (${name === "" ? "unknown" : name})` },
    { cause: error },
  );
}
