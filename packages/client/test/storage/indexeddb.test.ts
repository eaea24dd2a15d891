// The browser's storage where the browser has a hand in it: quota, missing features, other tabs.

// oxlint-disable-next-line import/no-unassigned-import -- puts IndexedDB where browsers have it
import "fake-indexeddb/auto";
import { afterEach, expect, test, vi } from "vitest";
import { indexedDb } from "../../src/storage/indexeddb.ts";

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
let count = 0;
const fresh = (): string => `account-${++count}`;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a full quota refuses the whole batch", async () => {
  const storage = indexedDb(fresh());
  await storage.batch([{ put: key(1), value: key(1) }]);
  const put = IDBObjectStore.prototype.put;
  let puts = 0;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...args) {
    if (++puts === 2) throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, args);
  });
  const ops = [
    { put: key(1), value: key(2) },
    { put: key(2), value: key(2) },
  ];
  await expect(storage.batch(ops)).rejects.toMatchObject({ code: "storage/full" });
  vi.restoreAllMocks();
  expect(await storage.get(key(1))).toEqual(key(1));
  expect(await storage.get(key(2))).toBeUndefined();
});

test("batches ask for strict durability", async () => {
  const asked = vi.spyOn(IDBDatabase.prototype, "transaction");
  await indexedDb(fresh()).batch([{ put: key(1), value: key(1) }]);
  expect(asked).toHaveBeenCalledWith("records", "readwrite", { durability: "strict" });
});

test.each([
  ["indexedDB", undefined],
  ["crypto", {}],
  ["navigator", {}],
])("without %s it says what is missing", async (name, value) => {
  vi.stubGlobal(name, value);
  const storage = indexedDb(fresh());
  await expect(storage.get(key(1))).rejects.toMatchObject({
    code: "storage/unavailable",
    message: expect.stringMatching(/https|IndexedDB|Web Locks/),
  });
  await expect(storage.lock()).rejects.toMatchObject({ code: "storage/unavailable" });
});

test("a database of a newer version is refused", async () => {
  const name = fresh();
  await new Promise<void>((resolve) => {
    const opening = indexedDB.open(name, 2);
    opening.addEventListener("success", () => {
      opening.result.close();
      resolve();
    });
  });
  await expect(indexedDb(name).get(key(1))).rejects.toMatchObject({ code: "storage/newer" });
});

test("it gets out of the way of its deletion, and begins anew", async () => {
  const name = fresh();
  const storage = indexedDb(name);
  await storage.batch([{ put: key(1), value: key(1) }]);
  await new Promise((resolve) => indexedDB.deleteDatabase(name).addEventListener("success", resolve));
  expect(await storage.get(key(1))).toBeUndefined();
});

test("the keeper's key cannot be read out", async () => {
  const name = fresh();
  await indexedDb(name).keeper.wrap(key(1));
  const held = await new Promise<CryptoKey>((resolve) => {
    const opening = indexedDB.open(name);
    opening.addEventListener("success", () => {
      const reading = opening.result.transaction("keeper").objectStore("keeper").get("key");
      reading.addEventListener("success", () => resolve(reading.result as CryptoKey));
    });
  });
  expect(held.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", held)).rejects.toMatchObject({ name: "InvalidAccessError" });
});
