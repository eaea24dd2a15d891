// Backup lock: what closes the account's backups, from one of its devices to another (spec §7, §11). Not verified by reading it: that is
// `verifyBackupLock`.

import { BACKUP_LOCK_LENGTH } from "../backup/backup-key.ts";
import { Secret } from "../secret.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

/** A signed lock as bytes (1,763), not verified. */
export interface BackupLockBody {
  readonly lock: Secret;
}

/** Locks: of their one length, not read. */
export const backupLockCodec: BodyCodec<BackupLockBody> = {
  encode({ lock }) {
    if (lock.length !== BACKUP_LOCK_LENGTH) throw unacceptable(`the lock of a backup has ${BACKUP_LOCK_LENGTH} bytes`);
    return { lock: lock.expose() };
  },
  decode: (fields) => ({ lock: new Secret(fields.bytes("lock", BACKUP_LOCK_LENGTH)) }),
};
