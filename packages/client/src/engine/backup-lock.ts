// What closes this account's backups: computed where the words are, handed to devices without them. Not a concern here: the lock itself
// (protocol).

import {
  type BackupLock,
  type BackupLockBody,
  backupLockOf,
  type Content,
  equalBytes,
  type Primitives,
  ProtocolError,
  type PublicKey,
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

/** The lock for a new device of this account (`key`); only the words make it. */
export function backupLockContents(tx: Transaction, key: Uint8Array): readonly Content[] {
  const { phrase } = tx.self;
  if (phrase === null) return [];
  return [newContent(tx, "backup-lock", { lock: backupLockOf(tx.p, phrase, key as PublicKey).bytes })];
}

/** Takes the lock that another device of this account gave. Errors of `verifyBackupLock`; `identity/not-listed` for another device's. */
export function takeBackupLock(tx: Transaction, { lock }: BackupLockBody): void {
  const { author } = verifyBackupLock(tx.p, lock.expose(), tx.self.account as PublicKey).author;
  if (!equalBytes(author, tx.device.keys.publicKey)) {
    throw new ProtocolError("identity/not-listed", "the lock of a backup is for another device");
  }
  if (tx.self.phrase === null) tx.changeSelf({ backupLock: lock.expose().slice() });
}
