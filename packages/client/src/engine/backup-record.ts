// The one record of the backup that is kept at the relay. Not a concern here: making it.

import { BACKUP, type BackupRecord, NO_BACKUP } from "../records/backup-record.ts";
import type { State } from "./state.ts";
import type { Transaction } from "./transaction.ts";

/** What is kept, as it is committed. */
export function keptBackup({ backups }: State): BackupRecord {
  return backups.get(BACKUP) ?? NO_BACKUP;
}

/** Changes the record. */
export function changeBackup(tx: Transaction, change: Partial<BackupRecord>): void {
  tx.backups.put({ ...(tx.backups.get(BACKUP) ?? NO_BACKUP), ...change });
}

/** Backups are made at the relay every so often (ms) from now on; `null`: none by itself. */
export function scheduleBackup(tx: Transaction, every: number | null): void {
  changeBackup(tx, { every, failed: null });
}
