// A storage in the browser: one IndexedDB database. Takes a database name; gives a `Storage` whose batches are durable (`strict`), whose
// lock is a Web Lock (it goes with the tab), whose channel is a BroadcastChannel, whose keeper is a WebCrypto key that cannot be read out. Not a
// concern here: sealing.

import type { Storage, StorageChannel } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { answerTo, endOf, openDatabase } from "./database.ts";
import { webCryptoKeeper } from "./keeper.ts";

/** Keys are `ArrayBuffer`s, values bytes. */
const RECORDS = "records";
/** One entry: the platform's key. */
const KEEPER = "keeper";
const FORMAT = 1;
/** Entries read at once by a scan: a transaction ends while its reader waits, so a long scan is many short ones. */
const PAGE = 256;

/** The IndexedDB database `name`, made on first use. Opens again by itself after `close()`. */
export function indexedDb(name: string): Storage {
  let opened: Promise<IDBDatabase> | undefined;
  let release: (() => Promise<void>) | undefined;
  const channels = new Set<StorageChannel>();

  const database = (): Promise<IDBDatabase> => {
    opened ??= open(name, () => (opened = undefined)).catch((error: unknown) => {
      opened = undefined;
      throw asStorageError(error);
    });
    return opened;
  };

  const platformKey = async (): Promise<CryptoKey> => {
    const db = await database();
    const held = await answerTo<CryptoKey | undefined>(db.transaction(KEEPER).objectStore(KEEPER).get("key"));
    if (held !== undefined) return held;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Another tab may have been faster: what is in the database counts.
    const write = db.transaction(KEEPER, "readwrite", { durability: "strict" });
    const store = write.objectStore(KEEPER);
    const present = await answerTo<CryptoKey | undefined>(store.get("key"));
    if (present !== undefined) return present;
    store.put(made, "key");
    await endOf(write);
    return made;
  };

  return {
    keeper: webCryptoKeeper(platformKey),

    async get(key) {
      const db = await database();
      return await answerTo<Uint8Array | undefined>(db.transaction(RECORDS).objectStore(RECORDS).get(bufferOf(key))).catch(rethrow);
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
      const write = db.transaction(RECORDS, "readwrite", { durability: "strict" });
      const done = endOf(write);
      const store = write.objectStore(RECORDS);
      try {
        // A request that fails takes the transaction with it.
        for (const op of ops) {
          if ("put" in op) store.put(op.value.slice(), bufferOf(op.put));
          else store.delete(bufferOf(op.del));
        }
        await done;
      } catch (error) {
        await abort(write, done);
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
      // The browser gives it on a moment after it was let go: until then nobody else could have it.
      const letGo = async (): Promise<void> => {
        end();
        await held;
      };
      release = letGo;
      return letGo;
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
      await release?.();
      const closing = opened;
      opened = undefined;
      (await closing?.catch(() => undefined))?.close();
    },
  };
}

async function open(name: string, gone: () => void): Promise<IDBDatabase> {
  requirePlatform();
  return await openDatabase(name, FORMAT, [RECORDS, KEEPER], gone);
}

/** Up to `limit` entries of a range in one transaction. */
async function readPage(
  db: IDBDatabase,
  range: IDBKeyRange,
  reverse: boolean,
  limit: number,
): Promise<(readonly [ArrayBuffer, Uint8Array])[]> {
  const store = db.transaction(RECORDS).objectStore(RECORDS);
  const page: (readonly [ArrayBuffer, Uint8Array])[] = [];
  if (reverse) {
    const request = store.openCursor(range, "prev");
    for (let cursor = await answerTo(request); cursor !== null && page.length < limit; cursor = await answerTo(request)) {
      page.push([cursor.key as ArrayBuffer, cursor.value as Uint8Array]);
      cursor.continue();
    }
    return page;
  }
  const [keys, values] = await Promise.all([answerTo(store.getAllKeys(range, limit)), answerTo(store.getAll(range, limit))]);
  keys.forEach((key, i) => page.push([key as ArrayBuffer, values[i] as Uint8Array]));
  return page;
}

/** An exception alone would leave the requests before it to be committed. */
async function abort(write: IDBTransaction, done: Promise<void>): Promise<void> {
  try {
    write.abort();
  } catch {
    // It has ended already.
  }
  await done.catch(() => undefined);
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
