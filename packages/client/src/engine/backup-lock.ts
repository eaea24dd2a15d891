// What closes this account's backups: computed where the words are, handed to devices without them. Not a concern here: the lock itself
// (protocol).

import {
  type BackupLock,
  type BackupLockBody,
  backupLockOf,
  type Content,
  type Primitives,
  type PublicKey,
  Secret,
  verifyBackupLock,
} from "@sotto/protocol";
import { MessengerError } from "../errors.ts";
import type { SelfRecord } from "../records/self-record.ts";
import { newContent } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/** The account's lock. `recovery/not-here` on a linked device that was never given one. */
export function backupLock(p: Primitives, { phrase, backupLock: given, account }: SelfRecord): BackupLock {
  if (phrase !== null) return backupLockOf(p, phrase);
  if (given === null) throw new MessengerError("recovery/not-here", {});
  return verifyBackupLock(p, given, account as PublicKey);
}

/** The lock for a new device of this account; nothing where it is not known. */
export function backupLockContents(tx: Transaction): readonly Content[] {
  const { phrase, backupLock: given } = tx.self;
  if (phrase === null && given === null) return [];
  return [newContent(tx, "backup-lock", { lock: new Secret(backupLock(tx.p, tx.self).bytes.expose()) })];
}

/** Takes the lock that another device of this account gave. Errors of `verifyBackupLock`. */
export function takeBackupLock(tx: Transaction, { lock }: BackupLockBody): void {
  verifyBackupLock(tx.p, lock.expose(), tx.self.account as PublicKey);
  if (tx.self.phrase === null) tx.changeSelf({ backupLock: lock.expose().slice() });
}
