// A storage in a file, for Node: one SQLite database (WAL, synchronous = FULL) in a thread of its own. Takes a path; gives a `Storage`
// whose lock dies with the process and whose keeper is a key file beside the database. Files are made with mode 0600, folders with 0700.
// Not a concern here: sealing.
//
// <path>, <path>-wal, <path>-shm: the database;  <path>.lock: held while the account is open;  <path>.key: 32 random bytes

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Storage } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { successor } from "../storage/keys.ts";
import { keyFileKeeper } from "./key-file.ts";
import type { SqlitePage } from "./sqlite-messages.ts";
import { SqliteThread } from "./sqlite-thread.ts";

/** Entries fetched at once by a scan. */
const PAGE = 256;

/** The database at `path`, made on first use. Opens again by itself after `close()`. `maxPages` bounds its size, for tests. */
export function sqliteFile(path: string, options: { readonly maxPages?: number } = {}): Storage {
  let running: SqliteThread | undefined;
  const thread = (): SqliteThread => {
    if (running === undefined) {
      const lockFile = `${path}.lock`;
      makePrivate(path);
      makePrivate(lockFile);
      running = new SqliteThread({ file: path, lockFile, ...options });
    }
    return running;
  };

  return {
    keeper: keyFileKeeper(`${path}.key`),

    async get(key) {
      return (await thread().ask({ op: "get", key })) as Uint8Array | undefined;
    },

    async *scan({ from, to, reverse = false, limit = Infinity }) {
      let [low, high] = [from, to];
      for (let left = limit; left > 0;) {
        const asked = Math.min(left, PAGE);
        const page = (await thread().ask({ op: "page", from: low, to: high, reverse, limit: asked })) as SqlitePage;
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < asked) return;
        left -= page.length;
        if (reverse) high = last[0];
        else low = successor(last[0]);
      }
    },

    async batch(ops) {
      await thread().ask({ op: "batch", ops });
    },

    async lock() {
      const holder = thread();
      await holder.ask({ op: "lock" });
      return async () => {
        if (running === holder) await holder.ask({ op: "unlock" });
      };
    },

    async close() {
      const ending = running;
      running = undefined;
      // A thread that has died holds nothing any more.
      await ending?.end().catch(() => undefined);
    },
  };
}

/** Makes the file, readable by its owner only, before SQLite would make it readable by all; its companions take over the mode. */
function makePrivate(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
  } catch (cause) {
    throw new MessengerError("storage/unavailable", { reason: `the file cannot be made (${codeOf(cause)})` }, { cause });
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown";
}
