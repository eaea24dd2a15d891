// The thread behind sqlite-file.ts: runs one database, one request after the other, so that waiting for the disk never stops the
// application's event loop. Takes requests as messages, gives one answer each. Not a concern here: files and their modes, error classes.

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import {
  SQLITE_FORMAT,
  type SqliteAnswer,
  type SqliteFailure,
  type SqliteQuestion,
  type SqliteRequest,
  type SqliteSetup,
} from "./sqlite-messages.ts";

/** "Sott": says in the file's header whose it is. */
const APPLICATION = 0x536f7474;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

const setup = workerData as SqliteSetup;
const port = parentPort as NonNullable<typeof parentPort>;

interface Opened {
  readonly db: DatabaseSync;
  readonly get: StatementSync;
  readonly put: StatementSync;
  readonly del: StatementSync;
  readonly up: StatementSync;
  readonly down: StatementSync;
}

let opened: Opened | undefined;
let lock: DatabaseSync | undefined;

class Refused extends Error {
  readonly failure: SqliteFailure;
  constructor(failure: SqliteFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

function open(): Opened {
  const db = new DatabaseSync(setup.file, { timeout: 5000 });
  try {
    // FULL: what was acknowledged survives a power cut; with NORMAL it does not.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
    const format = pragma(db, "user_version");
    if (format > SQLITE_FORMAT) throw new Refused({ kind: "newer", found: format });
    if (format === 0) {
      db.exec(`BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
        PRAGMA application_id = ${APPLICATION};
        PRAGMA user_version = ${SQLITE_FORMAT};
        COMMIT`);
    } else if (pragma(db, "application_id") !== APPLICATION) {
      throw new Refused({ kind: "corrupt" });
    }
    if (setup.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${setup.maxPages}`);
    const range = "SELECT key, value FROM records WHERE key >= ? AND key < ? ORDER BY key";
    return {
      db,
      get: db.prepare("SELECT value FROM records WHERE key = ?"),
      put: db.prepare("INSERT INTO records (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"),
      del: db.prepare("DELETE FROM records WHERE key = ?"),
      up: db.prepare(`${range} LIMIT ?`),
      down: db.prepare(`${range} DESC LIMIT ?`),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A file beside the database, locked for as long as this connection lives: the operating system frees it when the process dies. */
function takeLock(): void {
  if (lock !== undefined) throw new Refused({ kind: "locked" });
  const db = new DatabaseSync(setup.lockFile, { timeout: 0 });
  try {
    db.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    const code = codeOf(error);
    throw code === SQLITE_BUSY || code === SQLITE_LOCKED ? new Refused({ kind: "locked" }) : error;
  }
  lock = db;
}

function batch(ops: Extract<SqliteRequest, { op: "batch" }>["ops"]): void {
  opened ??= open();
  const { db, put, del } = opened;
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const op of ops) {
      if ("put" in op) put.run(op.put, op.value);
      else del.run(op.del);
    }
    db.exec("COMMIT");
  } catch (error) {
    // A full disk has rolled it back already in some cases, and then ROLLBACK fails: only the first error counts.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function run(request: SqliteRequest): SqliteAnswer["value"] {
  switch (request.op) {
    case "get":
      opened ??= open();
      return (opened.get.get(request.key)?.["value"] as Uint8Array | undefined) ?? undefined;
    case "page": {
      opened ??= open();
      const rows = (request.reverse ? opened.down : opened.up).all(request.from, request.to, request.limit);
      return rows.map((row) => [row["key"] as Uint8Array, row["value"] as Uint8Array] as const);
    }
    case "batch":
      return batch(request.ops);
    case "lock":
      return takeLock();
    case "unlock":
      lock?.close();
      lock = undefined;
      return undefined;
    case "close":
      opened?.db.close();
      lock?.close();
      [opened, lock] = [undefined, undefined];
      return undefined;
  }
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}

function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown }).errcode;
  // The low byte is the kind of error; what is above says where it happened.
  return typeof code === "number" ? code & 0xff : undefined;
}

function failureOf(error: unknown): SqliteFailure {
  if (error instanceof Refused) return error.failure;
  switch (codeOf(error)) {
    case 13:
      return { kind: "full" };
    case 11:
    case 26:
      return { kind: "corrupt" };
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return { kind: "locked" };
    default:
      return { kind: "unavailable", reason: error instanceof Error ? error.message : "unknown" };
  }
}

function answer({ id, request }: SqliteQuestion): SqliteAnswer {
  try {
    return { id, value: run(request) };
  } catch (error) {
    return { id, failure: failureOf(error) };
  }
}

port.on("message", (questions: readonly SqliteQuestion[]) => port.postMessage(questions.map(answer)));
