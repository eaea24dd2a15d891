// The embedded store's file: its tables, its version, and how an older file becomes a newer one (after a snapshot beside it).
// Takes an open database whose lock is held. Not its concern: what the rows mean (cells.ts, records.ts).

import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { StoreOpenError } from "../store.ts";

/** "SOTT" as SQLite's application id: tells this file from others. */
const APPLICATION_ID = 0x534f5454;

/** One step from version n to n + 1; runs inside a transaction. */
export type Migration = (db: DatabaseSync) => void;

/** Step i leads from version i to i + 1. A released step is never changed. */
export const migrations: readonly Migration[] = [
  (db) =>
    db.exec(`
      CREATE TABLE meta (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
      INSERT INTO meta VALUES ('board', randomblob(16)), ('expired', 0);

      -- AUTOINCREMENT: a cursor is never used twice, even after everything expired.
      CREATE TABLE cells (cursor INTEGER PRIMARY KEY AUTOINCREMENT, shard BLOB NOT NULL, tag BLOB NOT NULL, body BLOB NOT NULL) STRICT;
      CREATE UNIQUE INDEX cells_by_tag ON cells (shard, tag);
      CREATE INDEX cells_by_cursor ON cells (shard, cursor);

      -- Cursor of the first cell of each segment, over all shards. Cells have no time of their own.
      CREATE TABLE segments (segment INTEGER PRIMARY KEY, first INTEGER NOT NULL) STRICT;

      CREATE TABLE lists (account BLOB PRIMARY KEY, version INTEGER NOT NULL, bytes BLOB NOT NULL, signed INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;
      CREATE TABLE bundles (account BLOB NOT NULL, device INTEGER NOT NULL, issued INTEGER NOT NULL, bytes BLOB NOT NULL,
        signed INTEGER NOT NULL, PRIMARY KEY (account, device)) STRICT;
      CREATE TABLE handles (handle TEXT PRIMARY KEY, account BLOB NOT NULL, issued INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE INDEX handles_by_account ON handles (account);
    `),
  (db) =>
    db.exec(`
      -- Beside a bundle, and not in it: handing out rewrites a row. "remaining": indices in "list" that were not handed out, a byte each.
      CREATE TABLE one_time_prekeys (account BLOB NOT NULL, device INTEGER NOT NULL, list BLOB NOT NULL, remaining BLOB NOT NULL,
        PRIMARY KEY (account, device)) STRICT;
    `),
];

/** Throws StoreOpenError `newer`, `foreign` for a file that this release (which knows `known` steps) must not touch. */
export function checkVersion(db: DatabaseSync, file: string, known: number): void {
  if (isEmpty(db)) return;
  if (pragma(db, "application_id") !== APPLICATION_ID) {
    throw new StoreOpenError("foreign", `${file} is not a Sotto board: give the relay a directory of its own`);
  }
  const found = pragma(db, "user_version");
  if (found <= known) return;
  throw new StoreOpenError(
    "newer",
    `${file} was written by a newer relay (format ${found}, this release knows ${known}): run that release, or restore the copy made before the upgrade`,
  );
}

/** Brings a checked file to the format of `steps`. An older one is copied to `<file>.v<n>` first; a step that fails leaves it as it was. */
export function migrate(db: DatabaseSync, file: string, steps: readonly Migration[]): void {
  const version = pragma(db, "user_version");
  if (version === steps.length) return;
  if (!isEmpty(db)) snapshot(db, `${file}.v${version}`);
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const step of steps.slice(version)) step(db);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${steps.length}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return pragma(db, "page_count") <= 1 && pragma(db, "user_version") === 0 && pragma(db, "schema_version") === 0;
}

/** The number that a pragma answers. */
export function pragma(db: DatabaseSync, name: string): number {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0] as number;
}

function snapshot(db: DatabaseSync, target: string): void {
  // A copy that exists is from an upgrade that did not finish: the file has not changed since.
  if (!existsSync(target)) db.prepare("VACUUM INTO ?").run(target);
}
