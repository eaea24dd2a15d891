// An account's records at rest: tables of values, sealed, over any `Storage`. Takes table names, keys and plain values (whatever CBOR
// holds: strings, numbers, booleans, null, byte strings, lists, maps); gives them back and writes batches that are all or nothing.
// Whoever reads the storage sees how many records there are and how large, neither their names nor their contents: table names are
// keyed hashes, a key that names somebody is made by `opaque()` first, a value is bound to its key. Not a concern here: what the
// records mean, whether an old copy of the storage was put back.
//
// storage key = 0x01 || HMAC(table key, table)[0..8] || key          value = nonce(24) || XChaCha20-Poly1305(value key, CBOR, ad = storage key)

import { type CborInput, decodeCborObjects, encodeCbor } from "@sotto/encoding";
import type { Primitives } from "@sotto/protocol";
import type { ChannelListener, Storage, StorageChannel, StorageOp } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { prefixEnd, successor } from "./keys.ts";
import { createStoreKey, eraseStore, openStoreKey, type PassphraseSeal, readHeader, type StoreKeys, writeHeader } from "./store-key.ts";

const RECORDS = 1;
const TABLE = 8;
const NONCE = 24;
const text = new TextEncoder();
const CHANNEL_AD = text.encode("Sotto Channel v1");

/** One change of a batch: a value put under a key of a table, or a key deleted. */
export type Change =
  | { readonly table: string; readonly key: Uint8Array; readonly value: unknown }
  | { readonly table: string; readonly key: Uint8Array; readonly deleted: true };

/** Which part of a table `scan` reads: keys that begin with `prefix`, after (with `reverse`: before) the key `after`. */
export interface ScanOptions {
  readonly prefix?: Uint8Array;
  readonly after?: Uint8Array;
  readonly reverse?: boolean;
  readonly limit?: number;
  /** Passes over records that do not open, instead of failing. */
  readonly skipDamaged?: boolean;
}

/** Records of one account, sealed under a key of their own. Only who holds the storage's lock may write. */
export class SealedStore {
  readonly #storage: Storage;
  readonly #primitives: Primitives;
  readonly #keys: StoreKeys;
  /** `undefined` when no passphrase is needed. */
  readonly #passphraseSeal: PassphraseSeal | undefined;
  /** There is one while the storage's lock is held. */
  #unlock: (() => Promise<void>) | undefined;
  readonly #prefixes = new Map<string, Uint8Array>();
  #closed = false;

  private constructor(storage: Storage, p: Primitives, keys: StoreKeys, seal: PassphraseSeal | undefined, unlock?: () => Promise<void>) {
    this.#storage = storage;
    this.#primitives = p;
    this.#keys = keys;
    this.#passphraseSeal = seal;
    this.#unlock = unlock;
  }

  /** Whether a passphrase is needed to open it. */
  get passphrase(): boolean {
    return this.#passphraseSeal !== undefined;
  }

  /**
   * Makes the store in an empty storage; `seal`'s passphrase seals it in addition to the platform's keeper. Fails with
   * `storage/locked`, `storage/full`, `storage/unavailable`, and with `argument/invalid` when the storage already holds a store.
   */
  static async create(storage: Storage, p: Primitives, seal?: PassphraseSeal): Promise<SealedStore> {
    return await locked(storage, async (unlock) => {
      if ((await readHeader(storage)) !== undefined)
        throw new MessengerError("argument/invalid", { reason: "the storage already holds a store" });
      const keys = await createStoreKey(storage, p, seal);
      return new SealedStore(storage, p, keys, seal, unlock);
    });
  }

  /**
   * Opens the store with the storage's lock. The passphrase is asked for only if there is one. Fails with `account/not-found` (nothing here),
   * `storage/locked`, `storage/wrong-key`, `storage/newer`, `storage/corrupt`.
   */
  static async open(storage: Storage, p: Primitives, seal?: PassphraseSeal): Promise<SealedStore> {
    return await locked(storage, async (unlock) => {
      const store = await SealedStore.join(storage, p, seal);
      store.#unlock = unlock;
      return store;
    });
  }

  /** Opens the store to read in it, whoever holds the lock. Fails as `open` does, without `storage/locked`. */
  static async join(storage: Storage, p: Primitives, seal?: PassphraseSeal): Promise<SealedStore> {
    const header = await readHeader(storage);
    if (header === undefined) throw new MessengerError("account/not-found", {});
    const keys = await openStoreKey(storage, p, header, seal);
    return new SealedStore(storage, p, keys, header.salt === undefined ? undefined : seal);
  }

  /** Whether this one holds the storage's lock. */
  get locked(): boolean {
    return this.#unlock !== undefined;
  }

  /** Takes the storage's lock; with `wait` stands in line for it until that signal ends the wait. `storage/locked`, `aborted`. */
  async lock(options: { readonly wait?: AbortSignal } = {}): Promise<void> {
    this.#open();
    const unlock = await this.#storage.lock(options);
    if (this.#closed) await unlock();
    else this.#unlock = unlock;
    this.#open();
  }

  /** Whether others can have it open at the same time. */
  get shareable(): boolean {
    return this.#storage.join !== undefined;
  }

  /** Joins those who have the same store open, if this storage can: messages are sealed, and what was not sealed here is not received. */
  async channel(listener: ChannelListener): Promise<StorageChannel | undefined> {
    const joined = await this.#storage.join?.({
      connected: () => listener.connected?.(),
      received: (sealed) => {
        const message = this.#closed ? undefined : this.#unsealed(this.#keys.channel, sealed, CHANNEL_AD);
        if (message !== undefined) listener.received(message);
      },
    });
    if (joined === undefined) return undefined;
    return {
      post: (message) => {
        if (!this.#closed) joined.post(this.#sealed(this.#keys.channel, message, CHANNEL_AD));
      },
      close: async () => await joined.close(),
    };
  }

  /** What is there, without a lock and without a passphrase; `undefined` for an empty storage. */
  static async peek(storage: Storage): Promise<{ readonly passphrase: boolean; readonly label: Uint8Array | undefined } | undefined> {
    const header = await readHeader(storage);
    if (header === undefined) return undefined;
    const label = header.label === undefined ? undefined : await storage.keeper.unwrap(header.label);
    return { passphrase: header.salt !== undefined, label };
  }

  /** The value under a key; `undefined` when there is none. Fails with `storage/corrupt` when it does not open. */
  async get(table: string, key: Uint8Array): Promise<unknown> {
    this.#open();
    const stored = this.#key(table, key);
    const sealed = await this.#storage.get(stored);
    this.#open();
    return sealed === undefined ? undefined : this.#unseal(stored, sealed);
  }

  /** Keys and values of a table in byte order of the keys. What changes during a scan may or may not be seen. */
  async *scan(table: string, options: ScanOptions = {}): AsyncIterableIterator<readonly [Uint8Array, unknown]> {
    this.#open();
    const { prefix = new Uint8Array(), after, reverse = false, limit, skipDamaged = false } = options;
    const whole = this.#key(table, prefix);
    let from = whole;
    let to = prefixEnd(whole) as Uint8Array; // never all 255: it begins with 0x01
    if (after !== undefined) {
      if (reverse) to = this.#key(table, after);
      else from = successor(this.#key(table, after));
    }
    for await (const [stored, sealed] of this.#storage.scan({ from, to, reverse, ...(limit === undefined ? {} : { limit }) })) {
      this.#open();
      let value: unknown;
      try {
        value = this.#unseal(stored, sealed);
      } catch (error) {
        if (skipDamaged) continue;
        throw error;
      }
      yield [stored.slice(1 + TABLE), value] as const;
    }
  }

  /** All changes or none; durable when it resolves. Fails with `storage/full`, `storage/unavailable`. */
  async commit(changes: readonly Change[]): Promise<void> {
    this.#open();
    const ops = changes.map((change): StorageOp => {
      const stored = this.#key(change.table, change.key);
      return "deleted" in change ? { del: stored } : { put: stored, value: this.#seal(stored, change.value) };
    });
    if (ops.length > 0) await this.#storage.batch(ops);
  }

  /** 16 bytes that stand for `id` as a key: the same for the same id in this store, and meaningless outside. */
  opaque(id: Uint8Array): Uint8Array {
    return this.#primitives.hmac(this.#keys.opaque, id).slice(0, 16);
  }

  /** Replaces the label that `peek` shows (which account this is). Only the platform's keeper seals it, not the passphrase. */
  async writeLabel(label: Uint8Array): Promise<void> {
    this.#open();
    const header = await readHeader(this.#storage);
    if (header === undefined) throw new MessengerError("storage/corrupt", { what: "its header is gone" });
    await writeHeader(this.#storage, { ...header, label: await this.#storage.keeper.wrap(label) });
  }

  /** Whether this is the passphrase that the store was sealed with; true for a store without one. */
  async checkPassphrase(passphrase: Uint8Array): Promise<boolean> {
    this.#open();
    const header = await readHeader(this.#storage);
    if (header?.salt === undefined || this.#passphraseSeal === undefined) return true;
    try {
      const seal = { ...this.#passphraseSeal, passphrase: async () => passphrase };
      const keys = await openStoreKey(this.#storage, this.#primitives, header, seal);
      keys.wipe();
      return true;
    } catch (error) {
      if (MessengerError.is(error, "storage/wrong-key")) return false;
      throw error;
    }
  }

  /** Deletes everything: the wrapped key first, so that what a crash leaves behind cannot be opened. Closes the store. */
  async erase(): Promise<void> {
    this.#open();
    await eraseStore(this.#storage);
    await this.close();
  }

  /** Releases the lock and the storage and forgets the keys. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#keys.wipe();
    await this.#unlock?.();
    await this.#storage.close();
  }

  #open(): void {
    if (this.#closed) throw new MessengerError("closed", {});
  }

  #key(table: string, key: Uint8Array): Uint8Array {
    let prefix = this.#prefixes.get(table);
    if (prefix === undefined) {
      prefix = this.#primitives.hmac(this.#keys.tables, text.encode(table)).slice(0, TABLE);
      this.#prefixes.set(table, prefix);
    }
    const stored = new Uint8Array(1 + TABLE + key.length);
    stored[0] = RECORDS;
    stored.set(prefix, 1);
    stored.set(key, 1 + TABLE);
    return stored;
  }

  #seal(stored: Uint8Array, value: unknown): Uint8Array {
    return this.#sealed(this.#keys.values, encodeCbor(value as CborInput), stored);
  }

  #unseal(stored: Uint8Array, whole: Uint8Array): unknown {
    const plain = this.#unsealed(this.#keys.values, whole, stored);
    if (plain === undefined) throw new MessengerError("storage/corrupt", { what: "a record does not open" });
    return decodeCborObjects(plain);
  }

  #sealed(key: Uint8Array, plain: Uint8Array, ad: Uint8Array): Uint8Array {
    const nonce = this.#primitives.randomBytes(NONCE);
    const sealed = this.#primitives.xchacha20poly1305.seal(key, nonce, plain, ad);
    const whole = new Uint8Array(NONCE + sealed.length);
    whole.set(nonce);
    whole.set(sealed, NONCE);
    return whole;
  }

  #unsealed(key: Uint8Array, whole: Uint8Array, ad: Uint8Array): Uint8Array | undefined {
    if (whole.length < NONCE) return undefined;
    return this.#primitives.xchacha20poly1305.open(key, whole.subarray(0, NONCE), whole.subarray(NONCE), ad);
  }
}

/** Runs `make` with the storage's lock held; releases it when that fails. */
async function locked<T>(storage: Storage, make: (unlock: () => Promise<void>) => Promise<T>): Promise<T> {
  const unlock = await storage.lock();
  try {
    return await make(unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}
