// A keeper whose key is a file of mode 0600. Takes its path; gives a `StorageKeeper`. Who copies the database alone cannot open it; who
// can read this user's files can: a passphrase is for that. Not a concern here: the database.

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { StorageKeeper } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { webCryptoKeeper } from "../storage/keeper.ts";

const KEY = 32;

/** The key in `file`, made by the first `wrap`. */
export function keyFileKeeper(file: string): StorageKeeper {
  return {
    async wrap(secret) {
      return await keeperOf(readKey(file) ?? makeKey(file)).wrap(secret);
    },
    async unwrap(wrapped) {
      const key = readKey(file);
      if (key === undefined) throw new MessengerError("storage/wrong-key", { reason: "keeper" });
      return await keeperOf(key).unwrap(wrapped);
    },
  };
}

function keeperOf(key: Uint8Array<ArrayBuffer>): StorageKeeper {
  return webCryptoKeeper(() => crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]));
}

function readKey(file: string): Uint8Array<ArrayBuffer> | undefined {
  let key: Uint8Array<ArrayBuffer>;
  try {
    key = new Uint8Array(readFileSync(file));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MessengerError("storage/unavailable", { reason: "its key file cannot be read" }, { cause });
  }
  if (key.length !== KEY) throw new MessengerError("storage/wrong-key", { reason: "keeper" });
  return key;
}

/** Durable before it has its name: a crash leaves no half key. */
function makeKey(file: string): Uint8Array<ArrayBuffer> {
  const key = crypto.getRandomValues(new Uint8Array(KEY));
  try {
    const fresh = `${file}.new`;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const written = openSync(fresh, "w", 0o600);
    writeSync(written, key);
    fsyncSync(written);
    closeSync(written);
    renameSync(fresh, file);
    if (process.platform !== "win32") syncFolder(dirname(file));
  } catch (cause) {
    throw new MessengerError("storage/unavailable", { reason: "its key file cannot be written" }, { cause });
  }
  return key;
}

/** Makes the new name durable. Windows has no such call. */
function syncFolder(folder: string): void {
  const opened = openSync(folder, "r");
  fsyncSync(opened);
  closeSync(opened);
}
