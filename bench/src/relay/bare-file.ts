// The floor: a file to which records are appended, synced once for all that wait. Has no tags, no shards, no reading, no expiry: whatever a
// store does beyond this is what it costs.

import { type FileHandle, open } from "node:fs/promises";

/** An append-only file with group commit. */
export class BareFile {
  readonly #file: FileHandle;
  #waiting: { readonly bytes: Uint8Array; readonly done: () => void }[] = [];
  #syncing = false;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<BareFile> {
    return new BareFile(await open(path, "a"));
  }

  /** Resolves when the bytes are on disk. */
  append(bytes: Uint8Array): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ bytes, done });
      if (!this.#syncing) void this.#sync();
    });
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #sync(): Promise<void> {
    this.#syncing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      await this.#file.writev(group.map(({ bytes }) => bytes));
      await this.#file.datasync();
      for (const { done } of group) done();
    }
    this.#syncing = false;
  }
}
