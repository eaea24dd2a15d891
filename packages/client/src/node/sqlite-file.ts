// A storage in a file, for Node: one SQLite database (WAL, synchronous = FULL) in a thread of its own. Takes a path; gives a `Storage`
// whose lock dies with the process, whose channel is a socket and whose keeper is a key file, both beside the database. Files are made with
// mode 0600, folders with 0700. Not a concern here: sealing.
//
// <path>, <path>-wal, <path>-shm: the database;  <path>.lock: held while the account is open;  <path>.key: 32 random bytes;
// <path>.socket: where the lock's holder is found

import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { Storage } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { successor } from "../storage/keys.ts";
import { keyFileKeeper } from "./key-file.ts";
import type { SqlitePage } from "./sqlite-messages.ts";
import { SocketChannel } from "./socket-channel.ts";
import { socketPath } from "./socket-path.ts";
import { SqliteThread } from "./sqlite-thread.ts";

/** Entries fetched at once by a scan. */
const PAGE = 256;
/** How often the lock is tried for by who stands in line, ms: while its holder is there, and while it is not to be reached. */
const LOCK_MS = 500;
const ORPHANED_MS = 10;

/** The database at `path`, made on first use. Opens again by itself after `close()`. `maxPages` bounds its size, for tests. */
export function sqliteFile(path: string, options: { readonly maxPages?: number } = {}): Storage {
  let running: SqliteThread | undefined;
  let channel: SocketChannel | undefined;
  let holding = false;
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

    async lock({ wait } = {}) {
      const holder = thread();
      if (wait === undefined) await holder.ask({ op: "lock" });
      else await lockInTurn(holder, channel, wait);
      // Closed by now: the lock has gone with its thread.
      if (running !== holder) throw new MessengerError("closed", {});
      holding = true;
      await channel?.serve();
      return async () => {
        if (running !== holder) return;
        holding = false;
        // The way in first: who loses it looks for the lock.
        channel?.stopServing();
        await holder.ask({ op: "unlock" });
      };
    },

    async join(listener) {
      makePrivate(path);
      const joined = await SocketChannel.open(socketPath(path), listener, holding);
      channel = joined;
      return {
        post: (message) => joined.post(message),
        async close() {
          if (channel === joined) channel = undefined;
          await joined.close();
        },
      };
    },

    async close() {
      const [ending, leaving] = [running, channel];
      [running, channel, holding] = [undefined, undefined, false];
      await leaving?.close();
      // A thread that has died holds nothing any more.
      await ending?.end().catch(() => undefined);
    },
  };
}

/** Asks for the lock until it is there: often while its holder is gone or going, else now and then. */
async function lockInTurn(thread: SqliteThread, channel: SocketChannel | undefined, wait: AbortSignal): Promise<void> {
  for (;;) {
    if (wait.aborted) throw new MessengerError("aborted", {});
    try {
      await thread.ask({ op: "lock" });
      return;
    } catch (error) {
      if (!MessengerError.is(error, "storage/locked")) throw error;
    }
    await pause(channel, wait);
  }
}

/** Until it is worth trying again. */
async function pause(channel: SocketChannel | undefined, wait: AbortSignal): Promise<void> {
  const orphaned = channel?.orphaned === true;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, orphaned ? ORPHANED_MS : LOCK_MS);
  // Nobody is kept alive by standing in line, and nobody in line is kept waiting once the holder is gone.
  timer.unref();
  const forget = orphaned ? undefined : channel?.onOrphaned(resolve);
  const aborted = (): void => resolve();
  wait.addEventListener("abort", aborted, { once: true });
  await promise;
  wait.removeEventListener("abort", aborted);
  forget?.();
  clearTimeout(timer);
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
