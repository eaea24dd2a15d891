// The sealed store: what goes in comes out, nothing of it shows in the storage, and whatever is damaged, moved, foreign or newer is refused.

import type { Argon2id } from "@sotto/protocol/primitives/argon2id";
import { nodeArgon2id, nodePrimitives } from "@sotto/protocol/primitives/node";
import { decodeCborObjects, encodeCbor } from "@sotto/encoding";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Storage } from "../../src/api.ts";
import { MessengerError } from "../../src/errors.ts";
import { memory, type MemoryStorage } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";
import type { PassphraseSeal } from "../../src/storage/store-key.ts";

const p = nodePrimitives();
/** Costs nothing: the real one is in one test below. */
const cheap: Argon2id = (password, salt, { length }) => p.hkdf(salt, password, new Uint8Array(), length);
const seal = (passphrase: string, argon2id = cheap): PassphraseSeal => ({
  passphrase: async () => utf8(passphrase),
  argon2id: async () => argon2id,
});
const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEADER = key(0);

async function collect(entries: AsyncIterable<readonly [Uint8Array, unknown]>): Promise<[string, unknown][]> {
  const found: [string, unknown][] = [];
  for await (const [k, value] of entries) found.push([k.join("."), value]);
  return found;
}

async function everything(storage: Storage): Promise<[Uint8Array, Uint8Array][]> {
  const found: [Uint8Array, Uint8Array][] = [];
  for await (const [k, value] of storage.scan({ from: key(), to: key(255) })) found.push([k, value]);
  return found;
}

describe("records", () => {
  test("come back as they were put, whatever they are", async () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("any"), { maxKeys: 3 }),
      ),
    })).any;
    const store = await SealedStore.create(memory(), p);
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.uint8Array({ maxLength: 20 }), value, async (table, k, v) => {
        await store.commit([{ table, key: k, value: v }]);
        expect(await store.get(table, k)).toEqual(structuredClone(v));
        await store.commit([{ table, key: k, deleted: true }]);
        expect(await store.get(table, k)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test("are found by prefix, after a key, backwards, up to a limit, in their own table only", async () => {
    const store = await SealedStore.create(memory(), p);
    const keys = [key(1, 1), key(1, 2), key(1, 2, 0), key(1, 3), key(2, 1), key(255, 255)];
    await store.commit(keys.map((k) => ({ table: "messages", key: k, value: k.join(".") })));
    await store.commit([{ table: "other", key: key(1, 2), value: "elsewhere" }]);
    const scan = async (options: Parameters<SealedStore["scan"]>[1]): Promise<string[]> =>
      (await collect(store.scan("messages", options))).map(([k, value]) => (expect(value).toBe(k), k));

    expect(await scan({})).toEqual(["1.1", "1.2", "1.2.0", "1.3", "2.1", "255.255"]);
    expect(await scan({ prefix: key(1) })).toEqual(["1.1", "1.2", "1.2.0", "1.3"]);
    expect(await scan({ prefix: key(255) })).toEqual(["255.255"]);
    expect(await scan({ prefix: key(1), after: key(1, 2) })).toEqual(["1.2.0", "1.3"]);
    expect(await scan({ prefix: key(1), after: key(1, 2), reverse: true })).toEqual(["1.1"]);
    expect(await scan({ reverse: true, limit: 2 })).toEqual(["255.255", "2.1"]);
    expect(await scan({ prefix: key(9) })).toEqual([]);
  });

  test("are committed together or not at all", async () => {
    const storage = memory();
    const store = await SealedStore.create(storage, p);
    await store.commit([{ table: "t", key: key(1), value: "before" }]);
    const stuck = { ...storage, batch: async () => Promise.reject(new MessengerError("storage/full", {})) };
    const full = await SealedStore.open({ ...stuck, ...fresh(storage, stuck) }, p);
    await expect(
      full.commit([
        { table: "t", key: key(1), value: "after" },
        { table: "t", key: key(2), value: "more" },
      ]),
    ).rejects.toMatchObject({ code: "storage/full" });
    expect(await full.get("t", key(1))).toBe("before");
    expect(await full.get("t", key(2))).toBeUndefined();
  });
});

/** A lock of its own, for a second store over the storage of a first. */
function fresh(storage: Storage, over: Storage): Storage {
  return { ...over, get: storage.get, scan: storage.scan, lock: async () => async () => undefined };
}

describe("the storage", () => {
  const secrets = ["Marguerite", "the meeting is at nine", "contacts", "sotto1qqqq"];

  async function filled(): Promise<MemoryStorage> {
    const storage = memory();
    const store = await SealedStore.create(storage, p);
    await store.writeLabel(utf8(secrets[3]!));
    await store.commit([
      { table: secrets[2]!, key: store.opaque(utf8(secrets[0]!)), value: { name: secrets[0], text: secrets[1], bytes: utf8(secrets[1]!) } },
    ]);
    await store.close();
    return storage;
  }

  const showing = async (storage: Storage): Promise<string[]> => {
    const all = Buffer.concat((await everything(storage)).flat());
    return secrets.filter((secret) => all.includes(secret));
  };

  test("shows neither tables nor keys nor values", async () => {
    expect(await showing(await filled())).toEqual([]);
  });

  test("and the search for them finds what is there", async () => {
    const storage = await filled();
    await storage.batch([{ put: utf8(`x${secrets[0]}`), value: utf8(`..${secrets[1]}..`) }]);
    expect(await showing(storage)).toEqual([secrets[0], secrets[1]]);
  });

  test("seals the same value differently each time, and names the same id differently in each store", async () => {
    const [one, two] = [memory(), memory()];
    const [a, b] = [await SealedStore.create(one, p), await SealedStore.create(two, p)];
    expect(a.opaque(key(1))).toEqual(a.opaque(key(1)));
    expect(a.opaque(key(1))).not.toEqual(b.opaque(key(1)));
    await a.commit([{ table: "t", key: key(1), value: 1 }]);
    const first = (await everything(one)).at(-1)![1];
    await a.commit([{ table: "t", key: key(1), value: 1 }]);
    expect((await everything(one)).at(-1)![1]).not.toEqual(first);
  });
});

describe("damage", () => {
  async function withRecords(): Promise<MemoryStorage> {
    const storage = memory();
    const store = await SealedStore.create(storage, p, seal("pass"));
    await store.writeLabel(utf8("label"));
    await store.commit([1, 2].map((n) => ({ table: "t", key: key(n), value: { n } })));
    await store.close();
    return storage;
  }

  test("of any byte is noticed, by a typed error", async () => {
    const storage = await withRecords();
    const sound = await everything(storage);
    for (const [k, value] of sound) {
      for (let i = 0; i < value.length; i++) {
        const damaged = value.slice();
        damaged[i]! ^= 1 << (i % 8);
        await storage.batch([{ put: k, value: damaged }]);
        const error = await readAll(storage).catch((reason: unknown) => reason);
        expect(error, `byte ${i} of ${k.join(".")}`).toBeInstanceOf(MessengerError);
      }
      await storage.batch([{ put: k, value }]);
    }
    await expect(readAll(storage)).resolves.toBeUndefined();
  });

  async function readAll(storage: Storage): Promise<void> {
    const store = await SealedStore.open(storage, p, seal("pass"));
    try {
      expect((await SealedStore.peek(storage))?.label).toEqual(utf8("label"));
      expect(await store.get("t", key(1))).toEqual({ n: 1 });
      expect(await store.get("t", key(2))).toEqual({ n: 2 });
    } finally {
      await store.close();
    }
  }

  test("by truncation, extension or noise in the header is a typed error", async () => {
    const storage = await withRecords();
    const header = (await storage.get(HEADER))!;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.nat(header.length - 1).map((n) => header.slice(0, n)),
          fc.uint8Array({ minLength: 1, maxLength: 50 }).map((more) => Uint8Array.from([...header, ...more])),
          fc.constant(new Uint8Array(5000)),
        ),
        async (bytes) => {
          await storage.batch([{ put: HEADER, value: bytes }]);
          const error = await SealedStore.open(storage, p, seal("pass")).catch((reason: unknown) => reason);
          expect(MessengerError.is(error, "storage/corrupt", "storage/newer", "storage/wrong-key")).toBe(true);
        },
      ),
    );
  });

  test("a value that was moved to another key does not open there", async () => {
    const storage = memory();
    const store = await SealedStore.create(storage, p);
    await store.commit([1, 2].map((n) => ({ table: "t", key: key(n), value: n })));
    const [one, two] = (await everything(storage)).slice(1);
    await storage.batch([{ put: one![0], value: two![1] }]);
    await expect(store.get("t", key(1))).rejects.toMatchObject({ code: "storage/corrupt" });
  });

  test("a store of a newer version is refused and left alone", async () => {
    const storage = await withRecords();
    const header = decodeCborObjects((await storage.get(HEADER))!) as Record<string, unknown>;
    const newer = encodeCbor({ ...header, format: 2 });
    await storage.batch([{ put: HEADER, value: newer }]);
    await expect(SealedStore.open(storage, p)).rejects.toMatchObject({ code: "storage/newer", details: { found: 2, known: 1 } });
    expect(await storage.get(HEADER)).toEqual(newer);
  });
});

describe("opening", () => {
  test("finds nothing in an empty storage, and makes nothing over an existing store", async () => {
    const storage = memory();
    expect(await SealedStore.peek(storage)).toBeUndefined();
    await expect(SealedStore.open(storage, p)).rejects.toMatchObject({ code: "account/not-found" });
    await (await SealedStore.create(storage, p)).close();
    await expect(SealedStore.create(storage, p)).rejects.toMatchObject({ code: "argument/invalid" });
    await (await SealedStore.open(storage, p)).close();
  });

  test("holds the lock until closing, and gives it back when it fails", async () => {
    const storage = memory();
    const store = await SealedStore.create(storage, p, seal("right"));
    await expect(SealedStore.open(storage.another(), p)).rejects.toMatchObject({ code: "storage/locked" });
    await store.close();
    await store.close();
    await expect(SealedStore.open(storage, p, seal("wrong"))).rejects.toMatchObject({ code: "storage/wrong-key" });
    await (await SealedStore.open(storage, p, seal("right"))).close();
  });

  test("needs the passphrase it was made with", async () => {
    const storage = memory();
    const store = await SealedStore.create(storage, p, seal("right"));
    expect(store.passphrase).toBe(true);
    expect(await store.checkPassphrase(utf8("right"))).toBe(true);
    expect(await store.checkPassphrase(utf8("wrong"))).toBe(false);
    await store.commit([{ table: "t", key: key(1), value: 7 }]);
    await store.close();
    expect(await SealedStore.peek(storage)).toEqual({ passphrase: true, label: undefined });
    await expect(SealedStore.open(storage, p)).rejects.toMatchObject({ details: { reason: "passphrase-needed" } });
    await expect(SealedStore.open(storage, p, seal("wrong"))).rejects.toMatchObject({
      details: { reason: "passphrase-wrong" },
    });
    const again = await SealedStore.open(storage, p, seal("right"));
    expect(await again.get("t", key(1))).toBe(7);
  });

  test("never asks for a passphrase that is not there", async () => {
    const storage = memory();
    await (await SealedStore.create(storage, p)).close();
    const store = await SealedStore.open(storage, p, { ...seal(""), passphrase: () => Promise.reject(new Error("asked")) });
    expect(store.passphrase).toBe(false);
    expect(await store.checkPassphrase(utf8("anything"))).toBe(true);
  });

  test("of a copy without the keeper fails, whatever the passphrase", async () => {
    const [storage, elsewhere] = [memory(), memory()];
    await (await SealedStore.create(storage, p, seal("right"))).close();
    await elsewhere.batch((await everything(storage)).map(([k, value]) => ({ put: k, value })));
    const opening = SealedStore.open(elsewhere, p, seal("right"));
    await expect(opening).rejects.toMatchObject({ code: "storage/wrong-key", details: { reason: "keeper" } });
  });

  test("after a kill finds what was committed and no lock", async () => {
    const storage = memory();
    const store = await SealedStore.create(storage, p);
    await store.commit([{ table: "t", key: key(1), value: "kept" }]);
    const again = await SealedStore.open(storage.reopen(), p);
    expect(await again.get("t", key(1))).toBe("kept");
    await expect(store.get("t", key(1))).rejects.toMatchObject({ code: "storage/unavailable" });
  });

  test("with the real passphrase function works too", async () => {
    const storage = memory();
    await (await SealedStore.create(storage, p, seal("right", nodeArgon2id))).close();
    await expect(SealedStore.open(storage, p, seal("wrong", nodeArgon2id))).rejects.toMatchObject({ code: "storage/wrong-key" });
    await (await SealedStore.open(storage, p, seal("right", nodeArgon2id))).close();
  });
});

describe("the end", () => {
  test("a closed store refuses everything", async () => {
    const store = await SealedStore.create(memory(), p);
    await store.close();
    await expect(store.get("t", key(1))).rejects.toMatchObject({ code: "closed" });
    await expect(store.commit([])).rejects.toMatchObject({ code: "closed" });
    await expect(collect(store.scan("t"))).rejects.toMatchObject({ code: "closed" });
  });

  test("erasing leaves nothing, and destroys the key first", async () => {
    const storage = memory();
    const order: string[] = [];
    const watched: Storage = {
      ...storage,
      async batch(ops) {
        for (const op of ops) if ("del" in op) order.push(op.del.length === 1 ? "header" : "record");
        await storage.batch(ops);
      },
    };
    const store = await SealedStore.create(watched, p);
    await store.commit(Array.from({ length: 1500 }, (_, i) => ({ table: "t", key: key(i >> 8, i & 255), value: i })));
    await store.erase();
    expect(await everything(storage)).toEqual([]);
    expect(order[0]).toBe("header");
    expect(order.length).toBe(1501);
  });
});
