// Blobs as files: `<id>.blob` when complete; while it is uploaded `<id>.part` with `<id>.progress` beside it, which says how many of its bytes are
// safe on disk. A blob appears by one rename, so it is there whole or not at all, also after a power cut. Write-once.
// Not its concern: HTTP (blob-routes.ts), what the bytes are.

import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import type { Readable } from "node:stream";
import { type BlobPart, type BlobState, toHex, WireError } from "@sotto/wire";
import type { Clock } from "../clock.ts";
import type { Limits } from "../limits.ts";

/** Bytes that a file costs at least: what a disk allocates, so that a million empty blobs are not free. */
const MIN_COST = 4096;

/** The blobs of a relay. */
export class BlobFiles {
  readonly #directory: string;
  readonly #limits: Pick<Limits, "blobsBytes" | "blobRetentionMs">;
  readonly #clock: Clock;
  /** Blobs that a part is being written of. */
  readonly #writing = new Set<string>();
  #bytes = 0;

  private constructor(directory: string, limits: Pick<Limits, "blobsBytes" | "blobRetentionMs">, clock: Clock) {
    this.#directory = directory;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Opens (or makes) the directory and counts what is in it. */
  static async open(directory: string, limits: Pick<Limits, "blobsBytes" | "blobRetentionMs">, clock: Clock): Promise<BlobFiles> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const blobs = new BlobFiles(directory, limits, clock);
    for await (const file of blobs.#files()) blobs.#bytes += costOf(file, (await stat(file)).size);
    return blobs;
  }

  /** How far the upload is; undefined if nothing is there. */
  async state(id: Uint8Array): Promise<BlobState | undefined> {
    const path = this.#path(id);
    const size = await sizeOf(`${path}.blob`);
    return size === undefined ? readProgress(path) : { received: size, size };
  }

  /** The bytes `first` to `last` of a complete blob. */
  read(id: Uint8Array, first: number, last: number): Readable {
    return createReadStream(`${this.#path(id)}.blob`, { start: first, end: last });
  }

  /**
   * Writes a part and says how far the upload is, once the part is safe on disk. A part that was written before changes nothing.
   * Throws `blob/conflict`, `blob/offset`, `blob/full`, `frame/invalid` (fewer or more bytes than the part has), `relay/busy`.
   */
  async put(id: Uint8Array, part: BlobPart, bytes: AsyncIterable<Buffer>): Promise<BlobState> {
    const path = this.#path(id);
    if (this.#writing.has(path)) throw new WireError("relay/busy", "a part of this blob is being written", { retryAfter: 1 });
    this.#writing.add(path);
    try {
      const state = (await this.state(id)) ?? { received: 0, size: part.size };
      if (state.size !== part.size) throw conflict();
      if (part.first === state.received) return await this.#append(path, part, bytes);
      if (part.last >= state.received) throw new WireError("blob/offset", `the next part begins at byte ${state.received}`);
      await this.#compare(`${path}.${state.received === state.size ? "blob" : "part"}`, part, bytes);
      return state;
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? full() : error;
    } finally {
      this.#writing.delete(path);
    }
  }

  /** Removes blobs, and uploads that nobody went on with, when their retention is over. Gives how many. */
  async expire(): Promise<number> {
    const before = this.#clock.now() - this.#limits.blobRetentionMs;
    let removed = 0;
    for await (const file of this.#files()) {
      const { mtimeMs, size } = await stat(file);
      if (mtimeMs >= before || this.#writing.has(file.slice(0, file.indexOf(".", file.lastIndexOf(sep))))) continue;
      await rm(file);
      this.#bytes -= costOf(file, size);
      if (isContent(file)) removed++;
    }
    return removed;
  }

  async #append(path: string, part: BlobPart, bytes: AsyncIterable<Buffer>): Promise<BlobState> {
    const file = `${path}.part`;
    const grown = costOf(file, part.last + 1) - (part.first === 0 ? 0 : costOf(file, part.first));
    if (this.#bytes + grown > this.#limits.blobsBytes) throw full();
    this.#bytes += grown;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await this.#writeSafely(file, part.first === 0 ? "w" : "r+", (handle) => writePart(handle, part, bytes));
    } catch (error) {
      this.#bytes -= grown;
      throw error;
    }
    const state = { received: part.last + 1, size: part.size };
    if (state.received === state.size) await complete(path);
    else await this.#writeProgress(path, state);
    return state;
  }

  async #writeProgress(path: string, state: BlobState): Promise<void> {
    await this.#writeSafely(`${path}.progress.new`, "w", (handle) => handle.writeFile(JSON.stringify(state)));
    await rename(`${path}.progress.new`, `${path}.progress`);
    await syncDirectory(dirname(path));
  }

  /** Writes to a file and resolves when it is safe on disk. Its time is the relay's, from which its retention counts. */
  async #writeSafely(path: string, flags: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
    const handle = await open(path, flags, 0o600);
    try {
      await write(handle);
      const now = new Date(this.#clock.now());
      await handle.utimes(now, now);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async #compare(file: string, part: BlobPart, bytes: AsyncIterable<Buffer>): Promise<void> {
    const held = await open(file, "r");
    try {
      let position = part.first;
      for await (const chunk of bytes) {
        if (position + chunk.length > part.last + 1) throw wrongLength();
        const { buffer } = await held.read(Buffer.alloc(chunk.length), 0, chunk.length, position);
        if (!buffer.equals(chunk)) throw conflict();
        position += chunk.length;
      }
      if (position !== part.last + 1) throw wrongLength();
    } finally {
      await held.close();
    }
  }

  /** 256 directories, so that none gets too large. Hexadecimal, because some file systems do not tell A from a. */
  #path(id: Uint8Array): string {
    const name = toHex(id);
    return join(this.#directory, name.slice(0, 2), name);
  }

  async *#files(): AsyncGenerator<string> {
    for (const directory of await readdir(this.#directory)) {
      for (const name of await readdir(join(this.#directory, directory))) yield join(this.#directory, directory, name);
    }
  }
}

async function writePart(file: FileHandle, part: BlobPart, bytes: AsyncIterable<Buffer>): Promise<void> {
  let position = part.first;
  for await (const chunk of bytes) {
    if (position + chunk.length > part.last + 1) throw wrongLength();
    await file.write(chunk, 0, chunk.length, position);
    position += chunk.length;
  }
  if (position !== part.last + 1) throw wrongLength();
  // Bytes beyond it are of a part that broke off.
  await file.truncate(position);
}

async function complete(path: string): Promise<void> {
  await rename(`${path}.part`, `${path}.blob`);
  await rm(`${path}.progress`, { force: true });
  await syncDirectory(dirname(path));
}

async function readProgress(path: string): Promise<BlobState | undefined> {
  try {
    return JSON.parse(await readFile(`${path}.progress`, "utf8")) as BlobState;
  } catch {
    return undefined;
  }
}

/** Makes renames in a directory survive a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open directories, and journals renames by itself.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a file holds a blob's bytes; the others only say how far an upload is. */
function isContent(file: string): boolean {
  return file.endsWith(".blob") || file.endsWith(".part");
}

function costOf(file: string, size: number): number {
  return isContent(file) ? Math.max(size, MIN_COST) : 0;
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    return undefined;
  }
}

const conflict = (): WireError => new WireError("blob/conflict", "this id holds another blob");
const full = (): WireError => new WireError("blob/full", "the relay has no room for more blobs", { retryAfter: 3600 });
const wrongLength = (): WireError => new WireError("frame/invalid", "the body has not as many bytes as Content-Range says");
