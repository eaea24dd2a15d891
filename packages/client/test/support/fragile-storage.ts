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

/**
 * The deaths at one write that a run tries: every other time before, every other time after it reached the disk; both each time when
 * `SOTTO_THOROUGH=1`, which takes twice as long.
 */
export function deathsAt(at: number): readonly Death[] {
  const both = [true, false].map((written) => ({ at, written }));
  return process.env["SOTTO_THOROUGH"] === "1" ? both : both.slice(at % 2, (at % 2) + 1);
}

/** A memory storage that counts its writes and dies at one of them. */
export class FragileStorage implements Storage {
  readonly inner: MemoryStorage;
  /** Resolves when it has died. */
  readonly died: Promise<void>;
  writes = 0;
  #death: Death | undefined;
  #die: () => void = () => undefined;
  #dead = false;

  constructor(inner: MemoryStorage, death?: Death) {
    this.inner = inner;
    this.#death = death;
    this.died = new Promise((resolve) => void (this.#die = resolve));
  }

  /** Decides only now when it dies. */
  doom(death: Death): void {
    this.#death = death;
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
