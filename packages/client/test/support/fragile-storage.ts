// A storage that dies at a chosen write, as a process does: the write is on disk or it is not, and whoever waits for it waits for ever. Not a
// concern here: reading.

import type { Storage, StorageOp } from "../../src/api.ts";
import type { MemoryStorage } from "../../src/storage/memory.ts";

/** When the process dies: at the write number `at` (from 1), before or after it reached the disk. */
export interface Death {
  readonly at: number;
  readonly written: boolean;
  /** A write that is said to have happened and has not: no honest disk does that. */
  readonly forgets?: number;
}

/** A memory storage that counts its writes and dies at one of them. */
export class FragileStorage implements Storage {
  readonly inner: MemoryStorage;
  /** Resolves when it has died. */
  readonly died: Promise<void>;
  writes = 0;
  readonly #death: Death | undefined;
  #die: () => void = () => undefined;
  #dead = false;

  constructor(inner: MemoryStorage, death?: Death) {
    this.inner = inner;
    this.#death = death;
    this.died = new Promise((resolve) => void (this.#die = resolve));
  }

  get keeper(): Storage["keeper"] {
    return this.inner.keeper;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return await this.inner.get(key);
  }

  scan(range: Parameters<Storage["scan"]>[0]): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    return this.inner.scan(range);
  }

  async batch(ops: readonly StorageOp[]): Promise<void> {
    if (this.#dead) return await new Promise(() => undefined);
    this.writes++;
    if (this.writes === this.#death?.forgets) return;
    if (this.writes === this.#death?.at) {
      this.#dead = true;
      if (this.#death.written) await this.inner.batch(ops);
      this.#die();
      return await new Promise(() => undefined);
    }
    await this.inner.batch(ops);
  }

  async lock(): Promise<() => Promise<void>> {
    return await this.inner.lock();
  }

  async close(): Promise<void> {
    await this.inner.close();
  }
}
