// Every storage adapter against the rules of storage-cases.ts, and against a plain map in random use. One broken adapter is planted to see
// that the rules notice.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
// oxlint-disable-next-line import/no-unassigned-import -- puts IndexedDB where browsers have it
import "fake-indexeddb/auto";
import type { Storage, StorageChannel } from "../../src/api.ts";
import { MessengerError } from "../../src/errors.ts";
import { sqliteFile } from "../../src/node/sqlite-file.ts";
import { indexedDb } from "../../src/storage/indexeddb.ts";
import { type MemoryStorage, memory } from "../../src/storage/memory.ts";
import { type StorageFixture, storageCases } from "../../src/testing/storage-cases.ts";

const folder = mkdtempSync(join(tmpdir(), "sotto-storage-"));
const opened: Storage[] = [];
afterAll(async () => {
  for (const storage of opened) await storage.close();
  rmSync(folder, { recursive: true });
});

let count = 0;
const fixtureOf = (make: (name: string) => () => Storage): StorageFixture => {
  const [open, openOther] = [make(`one-${++count}`), make(`two-${count}`)];
  const remembered = (storage: Storage): Storage => (opened.push(storage), storage);
  return { open: () => remembered(open()), openOther: () => remembered(openOther()) };
};

const adapters: Record<string, () => StorageFixture> = {
  memory: () =>
    fixtureOf(() => {
      const first: MemoryStorage = memory();
      return () => first.another();
    }),
  indexedDb: () => fixtureOf((name) => () => indexedDb(name)),
  sqliteFile: () => fixtureOf((name) => () => sqliteFile(join(folder, name, "account.sqlite"))),
};

describe.each(Object.keys(adapters))("%s", (name) => {
  const fixture = adapters[name] as () => StorageFixture;

  test.each(storageCases.map((rule) => [rule.name, rule] as const))("%s", async (_, rule) => {
    await expect(rule.run(fixture())).resolves.toBeUndefined();
  });

  test("random use agrees with a map", async () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 });
    const op = fc.oneof(fc.record({ put: key, value: fc.uint8Array({ maxLength: 5 }) }), fc.record({ del: key }));
    const range = fc.record({ from: key, to: key, reverse: fc.boolean(), limit: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.array(op, { maxLength: 6 }), range), { maxLength: 8 }), async (steps) => {
        const storage = fixture().open();
        const model = new Map<string, [Uint8Array, Uint8Array]>();
        for (const [ops, { from, to, reverse, limit }] of steps) {
          await storage.batch(ops);
          for (const change of ops) {
            if ("put" in change) model.set(hex(change.put), [change.put, change.value]);
            else model.delete(hex(change.del));
          }
          const found: string[] = [];
          for await (const [k, v] of storage.scan({ from, to, reverse, limit })) found.push(`${hex(k)}=${hex(v)}`);
          const names = [...model.keys()].filter((k) => k >= hex(from) && k < hex(to)).sort();
          if (reverse) names.reverse();
          expect(found).toEqual(names.slice(0, limit).map((k) => `${k}=${hex(model.get(k)?.[1] as Uint8Array)}`));
        }
        await storage.close();
      }),
      { numRuns: name === "sqliteFile" ? 6 : 60 },
    );
  });
});

/** Adapters that are wrong in one way each; the rules must notice every one. */
const broken: Record<string, (storage: Storage) => Partial<Storage>> = {
  "loses the last change of a batch": (storage) => ({ batch: (ops) => storage.batch(ops.slice(0, -1)) }),
  "scans past the end": (storage) => ({ scan: (range) => storage.scan({ ...range, to: Uint8Array.of(255, 255) }) }),
  "ignores reverse": (storage) => ({ scan: (range) => storage.scan({ ...range, reverse: false }) }),
  "locks nobody out": () => ({ lock: async () => async () => undefined }),
  "gives nobody a turn": (storage) => ({
    lock: async (options) => {
      if (options?.wait === undefined) return await storage.lock();
      throw new MessengerError("storage/locked", {});
    },
  }),
  "says everything twice": (storage) => ({
    async join(listener) {
      const channel = (await storage.join?.(listener)) as StorageChannel;
      const post = (message: Uint8Array): void => [message, message].forEach((one) => channel.post(one));
      return { post, close: async () => await channel.close() };
    },
  }),
  "keeps keys in the clear": () => ({ keeper: { wrap: async (key) => key.slice(), unwrap: async (key) => key.slice() } }),
};

test.each(Object.keys(broken))("a storage that %s is noticed", async (name) => {
  let noticed = 0;
  for (const rule of storageCases) {
    const sound = memory();
    const breakIt = (storage: Storage): Storage => Object.assign(Object.create(storage), storage, broken[name]?.(storage));
    const fixture = { open: () => breakIt(sound.another()), openOther: () => breakIt(memory()) };
    await rule.run(fixture).catch(() => noticed++);
  }
  expect(noticed).toBeGreaterThan(0);
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
