// What this device keeps at its relay as a backup, as stored: one record. Not a concern here: what is in a backup.

import { plainKind } from "../engine/table.ts";
import type { ErrorCode, ErrorDetails } from "../errors.ts";

/** A blob that the relay holds: a whole backup file with a stretch of the message log. */
export interface BackupFile {
  /** The blob's id, 32 bytes. */
  readonly id: Uint8Array;
  readonly bytes: number;
  /** When the relay took it, ms. */
  readonly made: number;
  /** Place in the log of the first message that is in no file up to this one. */
  readonly next: number;
}

/** The backup that is kept at the relay. */
export interface BackupRecord {
  /** How often one is made, ms; `null` when none is made by itself. */
  readonly every: number | null;
  /** What the relay holds of the next backup already, oldest first. */
  readonly files: readonly BackupFile[];
  /** The newest backup that is complete; `null` when there is none. */
  readonly last: { readonly at: number; readonly bytes: number } | null;
  /** Why the last attempt failed; `null` when it did not. */
  readonly failed: { readonly code: ErrorCode; readonly details: ErrorDetails[ErrorCode] } | null;
}

/** The one key of the table. */
export const BACKUP = "backup";

/** What an account begins with. */
export const NO_BACKUP: BackupRecord = { every: null, files: [], last: null, failed: null };

export const backupKind = plainKind<BackupRecord>("backups", () => BACKUP);
