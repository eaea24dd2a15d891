// A storage in memory, for tests and for accounts that shall leave nothing behind. Takes nothing; gives a `Storage` that forgets
// everything with its process. Several handles share the bytes and talk to each other. Not a concern here: sealing.

import type { ChannelListener, Storage, StorageKeeper, StorageOp } from "../api.ts";
import { untilAborted } from "../engine/until.ts";
import { MessengerError } from "../errors.ts";
import { compareKeys } from "./keys.ts";

/** What `memory()` gives: a `Storage` whose holder can be declared dead. */
export interface MemoryStorage extends Storage {
  /** What a restarted process would find after a kill: the same bytes, no lock. This handle answers `storage/unavailable` from now on. */
  reopen(): MemoryStorage;
  /** Another handle on the same bytes, as another process of the same person would have. */
  another(): MemoryStorage;
}

/** Who has joined, by the handle through which they did. */
interface Joined {
  readonly handle: object;
  readonly listener: ChannelListener;
}

interface Disk {
  /** Sorted by key. */
  entries: (readonly [Uint8Array, Uint8Array])[];
  /** What the keeper holds: wrapped (a random name) to secret. */
  readonly kept: Map<string, Uint8Array>;
  holder: object | undefined;
  /** Who waits for the lock, first come first served; each says whether it still takes it. */
  readonly line: Set<() => boolean>;
  readonly joined: Set<Joined>;
}

const NAME = 32;

/** A new, empty storage in memory. */
export function memory(): MemoryStorage {
  return handle({ entries: [], kept: new Map(), holder: undefined, line: new Set(), joined: new Set() });
}

function handle(disk: Disk): MemoryStorage {
  const self = {};
  let dead = false;
  const alive = (): void => {
    if (dead) throw new MessengerError("storage/unavailable", { reason: "its process was declared dead" });
  };

  return {
    keeper: keeperOf(disk),

    async get(key) {
      alive();
      const index = position(disk.entries, key);
      const entry = disk.entries[index];
      return entry !== undefined && compareKeys(entry[0], key) === 0 ? entry[1].slice() : undefined;
    },

    async *scan({ from, to, reverse = false, limit = Infinity }) {
      alive();
      const range = disk.entries.slice(position(disk.entries, from), position(disk.entries, to));
      if (reverse) range.reverse();
      for (const [key, value] of range.slice(0, limit)) {
        alive();
        yield [key.slice(), value.slice()] as const;
      }
    },

    async batch(ops) {
      alive();
      disk.entries = applied(disk.entries, ops);
    },

    async lock({ wait } = {}) {
      alive();
      if (disk.holder === undefined) disk.holder = self;
      else if (wait === undefined) throw new MessengerError("storage/locked", {});
      else await turn(disk, self, wait, () => !dead);
      let held = true;
      return async () => {
        if (held && disk.holder === self) free(disk);
        held = false;
      };
    },

    async join(listener) {
      alive();
      const own: Joined = { handle: self, listener };
      disk.joined.add(own);
      return {
        post(message) {
          if (dead || !disk.joined.has(own)) return;
          for (const other of disk.joined) if (other !== own) deliver(disk, other, message.slice());
        },
        close: async () => void disk.joined.delete(own),
      };
    },

    async close() {
      leave(disk, self);
      if (disk.holder === self) free(disk);
    },

    reopen() {
      dead = true;
      leave(disk, self);
      if (disk.holder === self) free(disk);
      return handle(disk);
    },

    another() {
      return handle(disk);
    },
  };
}

/** Gives the lock to whoever waits for it first. */
function free(disk: Disk): void {
  disk.holder = undefined;
  for (const next of disk.line) {
    disk.line.delete(next);
    if (next()) return;
  }
}

/** Resolves when the lock is `self`'s: it goes from hand to hand, so that nobody comes in between. */
async function turn(disk: Disk, self: object, wait: AbortSignal, alive: () => boolean): Promise<void> {
  await untilAborted<void>(wait, (resolve) => {
    const called = (): boolean => {
      if (!alive()) return false;
      disk.holder = self;
      resolve();
      return true;
    };
    disk.line.add(called);
    return () => void disk.line.delete(called);
  });
}

function leave(disk: Disk, gone: object): void {
  for (const one of disk.joined) if (one.handle === gone) disk.joined.delete(one);
}

/** Later, as from another process, and not to who has left by then. */
function deliver(disk: Disk, to: Joined, message: Uint8Array): void {
  queueMicrotask(() => {
    if (disk.joined.has(to)) to.listener.received(message);
  });
}

/** Gives a random name for what it keeps: nothing of the secret is in it, and no other storage knows it. */
function keeperOf(disk: Disk): StorageKeeper {
  return {
    async wrap(secret) {
      const name = crypto.getRandomValues(new Uint8Array(NAME));
      disk.kept.set(name.join(), secret.slice());
      return name;
    },
    async unwrap(wrapped) {
      const secret = disk.kept.get(wrapped.join());
      if (secret === undefined) throw new MessengerError("storage/wrong-key", { reason: "keeper" });
      return secret.slice();
    },
  };
}

/** Index of the first entry whose key is not below `key`. */
function position(entries: Disk["entries"], key: Uint8Array): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys((entries[middle] as readonly [Uint8Array, Uint8Array])[0], key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The entries after a batch, in a new array: a scan that is under way keeps reading the old one. */
function applied(entries: Disk["entries"], ops: readonly StorageOp[]): Disk["entries"] {
  const next = entries.slice();
  for (const op of ops) {
    const key = "put" in op ? op.put : op.del;
    const index = position(next, key);
    const found = next[index];
    const present = found !== undefined && compareKeys(found[0], key) === 0;
    if ("put" in op) next.splice(index, present ? 1 : 0, [key.slice(), op.value.slice()]);
    else if (present) next.splice(index, 1);
  }
  return next;
}
