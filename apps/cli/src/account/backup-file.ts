// A backup on this disk. Takes a path; writes a stream to it whole or not at all, and opens one for reading. What is in it is the SDK's concern.
import { createWriteStream, openAsBlob } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { CommandError } from "../output/command-error.ts";

/** Writes a new file, which only its owner can read; gives its size in bytes. `file/refused`. */
export async function writeBackup(path: string, bytes: ReadableStream<Uint8Array>): Promise<number> {
  if (await exists(path)) throw new CommandError("file/refused", `${path} is there already. Give another name.`);
  const part = `${path}.part`;
  let size = 0;
  const counted = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      size += piece.length;
      yield piece;
    }
  };
  try {
    await pipeline(Readable.fromWeb(bytes as WebStream<Uint8Array>), counted, createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, path);
    return size;
  } catch (error) {
    await rm(part, { force: true });
    throw asRefusal(path, error);
  }
}

/** A file as it is read when it is needed. `file/refused`. */
export async function openBackupFile(path: string): Promise<Blob> {
  // A path that is not there is an invalid argument to openAsBlob, which says little.
  if (!(await exists(path))) throw new CommandError("file/refused", `${path} is not there. Check the path.`);
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw asRefusal(path, error);
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function asRefusal(path: string, error: unknown): unknown {
  const code = (error as { code?: unknown }).code;
  const isSystem = error instanceof Error && typeof code === "string" && (/^E[A-Z]+$/.test(code) || code === "ERR_INVALID_ARG_VALUE");
  return isSystem ? new CommandError("file/refused", `${path} cannot be used (${code}). Give another file.`) : error;
}
