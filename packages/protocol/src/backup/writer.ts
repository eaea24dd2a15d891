// Writes a backup (spec §11): items (messages as devices tell each other, page 07) one after the other into chunks. Takes a lock and items;
// gives bytes to append, so that no more than a chunk is ever held. Not a concern here: which items, where the bytes go.
//
//   content of all chunks = proof 65 || (BE2 length || item)* || BE2 0 || zeros

import { ProtocolError } from "../errors.ts";
import { MAX_BACKUP_ITEM } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { proveBackup } from "./author.ts";
import type { BackupLock } from "./backup-key.ts";
import { CHUNK_CONTENT, CHUNK_LENGTH, paddedChunks, sealChunk } from "./chunk.ts";
import { type BackupHeader, newBackupHeader } from "./header.ts";

const LENGTH_BYTES = 2;

/** One backup that is being written. */
export class BackupWriter {
  readonly #p: Primitives;
  readonly #header: BackupHeader;
  #content = new Uint8Array(CHUNK_CONTENT);
  #filled = 0;
  #sealed = 0;

  constructor(p: Primitives, lock: BackupLock) {
    this.#p = p;
    this.#header = newBackupHeader(p, lock);
    // Only who made the header can make what follows: it is enough to prove that.
    const proof = proveBackup(p, lock.author, this.#header.bytes);
    this.#content.set(proof);
    this.#filled = proof.length;
  }

  /** What the backup begins with. */
  get header(): Uint8Array {
    return this.#header.bytes;
  }

  /** How many bytes the backup will have when nothing more is added. */
  get size(): number {
    return this.header.length + paddedChunks(this.#sealed + 1) * CHUNK_LENGTH;
  }

  /** Adds an item of 1 to 4,096 bytes; gives the chunks that are full by now. `argument/invalid`. */
  *add(item: Uint8Array): Generator<Uint8Array, void, undefined> {
    if (item.length === 0 || item.length > MAX_BACKUP_ITEM) throw new ProtocolError("argument/invalid", "not an item of a backup");
    yield* this.#append(Uint8Array.of(item.length >> 8, item.length & 0xff));
    yield* this.#append(item);
  }

  /** Ends the backup; gives its last chunks. Nothing can be added any more. */
  *end(): Generator<Uint8Array, void, undefined> {
    yield* this.#append(new Uint8Array(LENGTH_BYTES));
    const chunks = paddedChunks(this.#sealed + 1);
    while (this.#sealed < chunks) yield this.#seal(this.#sealed === chunks - 1);
    this.#header.key.wipe();
  }

  *#append(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let done = 0; done < bytes.length;) {
      // Sealed only when there is more to come: the end of the backup always has a chunk to mark as the last.
      if (this.#filled === CHUNK_CONTENT) yield this.#seal(false);
      const part = bytes.subarray(done, done + CHUNK_CONTENT - this.#filled);
      this.#content.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
    }
  }

  #seal(last: boolean): Uint8Array {
    const sealed = sealChunk(this.#p, this.#header, { number: this.#sealed++, last }, this.#content);
    this.#content = new Uint8Array(CHUNK_CONTENT);
    this.#filled = 0;
    return sealed;
  }
}
