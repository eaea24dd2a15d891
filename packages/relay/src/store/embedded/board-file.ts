// Opens the embedded store's one file: takes its lock, sets how it writes, brings it to this release's format.
// Takes a path; gives the tables. Fails with StoreOpenError, having changed nothing.

import { DatabaseSync } from "node:sqlite";
import { StoreOpenError } from "../store.ts";
import type { WorkerData } from "./calls.ts";
import { CellTable } from "./cells.ts";
import { RecordTable } from "./records.ts";
import { checkVersion, type Migration, migrate, migrations, pragma } from "./schema.ts";

const SQLITE_BUSY = 5;
const SQLITE_NOTADB = 26;

/** An open file. */
export interface BoardFile {
  readonly db: DatabaseSync;
  readonly cells: CellTable;
  readonly records: RecordTable;
  /** 16 bytes. */
  readonly board: Uint8Array;
}

/** @param steps another list of migrations, for tests */
export function openBoardFile(file: string, limits: WorkerData["limits"], steps: readonly Migration[] = migrations): BoardFile {
  const db = new DatabaseSync(file);
  try {
    // Before the first access, so that a second relay fails on it. The lock goes with the process, however it ends.
    db.exec("PRAGMA locking_mode = EXCLUSIVE");
    // Before the first write, so that a file that is not for us stays as it is.
    checkVersion(db, file, steps.length);
    configure(db, limits.boardBytes);
    migrate(db, file, steps);
    const board = db.prepare("SELECT value FROM meta WHERE name = 'board'").get()?.["value"] as Uint8Array;
    return { db, cells: new CellTable(db, limits), records: new RecordTable(db, limits), board };
  } catch (error) {
    db.close();
    throw openError(file, error);
  }
}

function configure(db: DatabaseSync, boardBytes: number): void {
  // Only an empty file can be made one that gives pages back.
  if (pragma(db, "page_count") === 0) db.exec("PRAGMA auto_vacuum = INCREMENTAL");
  db.exec("PRAGMA journal_mode = WAL");
  // FULL syncs the log at every commit. NORMAL loses acknowledged cells in a power cut.
  db.exec("PRAGMA synchronous = FULL");
  // The log is written back every 16 MB, and gets small again after a burst.
  db.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -65536");
  db.exec(`PRAGMA max_page_count = ${Math.max(16, Math.floor(boardBytes / pragma(db, "page_size")))}`);
  // Takes the lock now and not at the first cell.
  db.exec("BEGIN EXCLUSIVE; COMMIT");
}

function openError(file: string, error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (code === SQLITE_BUSY)
    return new StoreOpenError("locked", `another relay is using ${file}: stop it, or give this one another directory`);
  if (code === SQLITE_NOTADB) return new StoreOpenError("foreign", `${file} is not a Sotto board: give the relay a directory of its own`);
  return error;
}
