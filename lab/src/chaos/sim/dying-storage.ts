// A storage that dies at one of its next writes, as a process does: the write is on disk or it is not, and nothing after it is. Takes a storage
// in memory; gives it back for the next life. Not a concern here: reading.

import type { memory, Storage, StorageOp } from "@sotto/client";

type MemoryStorage = ReturnType<typeof memory>;

/** The disk of one device, over all its lives. */
export class DyingStorage implements Storage {
  readonly #inner: MemoryStorage;
  readonly #died: () => void;
  #dead = false;
  #death: { left: number; readonly written: boolean } | undefined;

  /** @param died called when it has died at a write */
  constructor(inner: MemoryStorage, died: () => void) {
    this.#inner = inner;
    this.#died = died;
  }

  get keeper(): Storage["keeper"] {
    return this.#inner.keeper;
  }

  /** It dies when so many more writes are done: before or after the last of them reached the disk. */
  doom(left: number, written: boolean): void {
    this.#death = { left, written };
  }

  /** It dies now; gives what the next life finds. */
  die(): MemoryStorage {
    this.#dead = true;
    return this.#inner.reopen();
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#dead ? await never() : await this.#inner.get(key);
  }

  async *scan(range: Parameters<Storage["scan"]>[0]): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    const entries = this.#inner.scan(range)[Symbol.asyncIterator]();
    for (;;) {
      const next = await (this.#dead ? never() : entries.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  async batch(ops: readonly StorageOp[]): Promise<void> {
    const death = this.#death;
    if (!this.#dead && death !== undefined && death.left-- === 0) {
      if (death.written) await this.#inner.batch(ops);
      this.#dead = true;
      this.#died();
    }
    if (this.#dead) return await never();
    await this.#inner.batch(ops);
  }

  async lock(): Promise<() => Promise<void>> {
    return await this.#inner.lock();
  }

  async close(): Promise<void> {
    if (!this.#dead) await this.#inner.close();
  }
}

/** A dead process is told nothing any more. */
async function never(): Promise<never> {
  return await new Promise(() => undefined);
}
