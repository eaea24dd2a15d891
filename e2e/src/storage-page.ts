// What runs inside the page of browser-storage.test.ts: the browser's storage, put to the rules of every storage.

import { indexedDb, MessengerError, type Storage } from "@sotto/client/browser";
import { storageCases } from "@sotto/client/testing";

let count = 0;

const suite = {
  names: storageCases.map(({ name }) => name),

  /** Runs one rule over new databases; gives what it says against it, or nothing. */
  async run(name: string): Promise<string | undefined> {
    const [one, two] = [`one-${++count}`, `two-${count}`];
    const opened: Storage[] = [];
    const open = (database: string) => (): Storage => {
      const storage = indexedDb(database);
      opened.push(storage);
      return storage;
    };
    try {
      await storageCases.find((rule) => rule.name === name)?.run({ open: open(one), openOther: open(two) });
      return undefined;
    } catch (error) {
      return String(error);
    } finally {
      for (const storage of opened) await storage.close();
    }
  },

  storages: new Map<string, Storage>(),

  /** Does one thing with a named database that stays open; gives the value read, or the code of the error. */
  async use(database: string, action: { put: number; bytes: number } | { get: number } | "lock"): Promise<number | string | undefined> {
    const storage = suite.storages.get(database) ?? indexedDb(database);
    suite.storages.set(database, storage);
    try {
      if (action === "lock") {
        await storage.lock();
        return "locked";
      }
      if ("get" in action) return (await storage.get(Uint8Array.of(action.get)))?.length;
      const value = crypto.getRandomValues(new Uint8Array(65_536));
      const pieces = Math.ceil(action.bytes / value.length);
      await storage.batch(
        Array.from({ length: pieces }, (_, i) => ({
          put: i === 0 ? Uint8Array.of(action.put) : Uint8Array.of(action.put, i >> 8, i & 255),
          value,
        })),
      );
      return "stored";
    } catch (error) {
      return error instanceof MessengerError ? error.code : String(error);
    }
  },
};

/** What the test calls. */
export type StorageSuite = typeof suite;

Object.assign(globalThis, { suite });
