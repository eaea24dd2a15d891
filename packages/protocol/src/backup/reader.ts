// Reads a backup (spec §11) as its bytes come, in pieces of any size. Takes the backup key and bytes; gives items, each only after the chunk it
// ends in was verified. Whether the backup was whole is known at `end`: what was given before is true, but may not be all. No more than two
// chunks are held. Not a concern here: what items say.

import type { PublicKey } from "../agreement/key-pair.ts";
import { concat } from "../bytes.ts";
import { MAX_BACKUP_ITEM } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { BACKUP_PROOF_LENGTH, provenAuthor } from "./author.ts";
import type { BackupKey } from "./backup-key.ts";
import { CHUNK_LENGTH, openChunk } from "./chunk.ts";
import { damaged } from "./damaged.ts";
import { BACKUP_HEADER_LENGTH, type BackupHeader, openBackupHeader } from "./header.ts";

/** One backup that is being read. */
export class BackupReader {
  readonly #p: Primitives;
  readonly #key: BackupKey;
  #header: BackupHeader | undefined;
  /** Bytes that are not opened yet: less than a header, or at most a chunk, which may turn out to be the last. */
  readonly #sealed = new Uint8Array(CHUNK_LENGTH);
  #filled = 0;
  #opened = 0;
  /** The beginning of an item whose rest is in the next chunk. */
  #open = new Uint8Array();
  #ended = false;
  #author: PublicKey | undefined;

  constructor(p: Primitives, key: BackupKey) {
    this.#p = p;
    this.#key = key;
  }

  /** Who made the backup (author.ts), as soon as there is an item. */
  get author(): PublicKey | undefined {
    return this.#author;
  }

  /** Takes the next bytes; gives the items that are complete. `backup/newer`, `backup/wrong-key`, `backup/damaged`: no further call then. */
  *read(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let done = 0; done < bytes.length;) {
      const room = this.#header === undefined ? BACKUP_HEADER_LENGTH : CHUNK_LENGTH;
      if (this.#filled === CHUNK_LENGTH) {
        yield* this.#items(this.#chunk(false));
        this.#filled = 0;
      }
      const part = bytes.subarray(done, done + room - this.#filled);
      this.#sealed.set(part, this.#filled);
      this.#filled += part.length;
      done += part.length;
      if (this.#header === undefined && this.#filled === BACKUP_HEADER_LENGTH) {
        this.#header = openBackupHeader(this.#p, this.#key, this.#sealed.slice(0, BACKUP_HEADER_LENGTH));
        this.#filled = 0;
      }
    }
  }

  /** No more bytes will come; gives the last items. `backup/damaged` unless the backup ends here. */
  *end(): Generator<Uint8Array, void, undefined> {
    // What is no backup at all is told from one that is cut off.
    if (this.#header === undefined) openBackupHeader(this.#p, this.#key, this.#sealed.slice(0, this.#filled));
    if (this.#filled !== CHUNK_LENGTH) throw damaged("it ends too early");
    yield* this.#items(this.#chunk(true));
    if (!this.#ended) throw damaged("it ends within an item");
    this.#header?.key.wipe();
  }

  #chunk(last: boolean): Uint8Array {
    const header = this.#header as BackupHeader;
    const number = this.#opened++;
    const content = openChunk(this.#p, header, { number, last }, this.#sealed);
    if (content !== undefined) return number === 0 ? this.#afterProof(content, header) : content;
    const cutOff = last && openChunk(this.#p, header, { number, last: false }, this.#sealed) !== undefined;
    throw damaged(cutOff ? "it ends too early" : "it was changed");
  }

  #afterProof(content: Uint8Array, header: BackupHeader): Uint8Array {
    this.#author = provenAuthor(this.#p, this.#key.authors, content.subarray(0, BACKUP_PROOF_LENGTH), header.bytes);
    if (this.#author === undefined) throw damaged("nobody of the account says that they made it");
    return content.subarray(BACKUP_PROOF_LENGTH);
  }

  *#items(content: Uint8Array): Generator<Uint8Array, void, undefined> {
    const bytes = this.#open.length === 0 ? content : concat(this.#open, content);
    let at = 0;
    while (!this.#ended && at + 2 <= bytes.length) {
      const length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      if (length > MAX_BACKUP_ITEM) throw damaged("it holds what is too large");
      if (length > 0 && at + 2 + length > bytes.length) break;
      if (length > 0) yield bytes.slice(at + 2, at + 2 + length);
      else this.#ended = true;
      at += 2 + length;
    }
    this.#open = this.#ended ? new Uint8Array() : bytes.slice(at);
    if (this.#ended && bytes.subarray(at).some((byte) => byte !== 0)) throw damaged("something follows its end");
  }
}
