// How a backup begins (spec §11): what tells a backup from other files, and the key of this one, closed with the lock. Takes a lock and gives
// the first 1,639 bytes with the file's key; takes those and the backup key, and gives it again. Not a concern here: what follows (chunk.ts).
//
//   head   = "Sotto backup" (12) || version 1 (1) || E (33) || Kyber ciphertext (1569)
//   key 32 || check 16 = HKDF(no salt, X25519(E, lock) || Kyber secret, "Sotto Backup File v1" || head, 48)
//   header = head || check || SHA-256(head || check)[0..8]

import { sharedPoint } from "../agreement/agreement.ts";
import { generateKeyPair, type KeyPair, PUBLIC_KEY_LENGTH, type PublicKey, parsePublicKey } from "../agreement/key-pair.ts";
import { ascii, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { KYBER_CIPHERTEXT, kyberDecapsulate, kyberEncapsulate } from "../session/kyber1024.ts";
import type { BackupKey, BackupLock } from "./backup-key.ts";
import { damaged } from "./damaged.ts";

const MAGIC = ascii("Sotto backup");
const VERSION = 1;
const FILE_LABEL = ascii("Sotto Backup File v1");
const KEY_START = MAGIC.length + 1;
const KYBER_START = KEY_START + PUBLIC_KEY_LENGTH;
const HEAD_LENGTH = KYBER_START + KYBER_CIPHERTEXT;
const CHECK_LENGTH = 16;
const SUM_LENGTH = 8;

/** Bytes before the first chunk. */
export const BACKUP_HEADER_LENGTH = HEAD_LENGTH + CHECK_LENGTH + SUM_LENGTH;

/** The beginning of one backup and the key (32 bytes) of what follows. */
export interface BackupHeader {
  readonly bytes: Uint8Array;
  readonly key: Secret;
}

/** A new backup for this lock, under a key of its own. */
export function newBackupHeader(p: Primitives, lock: BackupLock): BackupHeader {
  const ephemeral = generateKeyPair(p);
  const { ciphertext, secret } = kyberEncapsulate(p, lock.kyber);
  const head = concat(MAGIC, Uint8Array.of(VERSION), ephemeral.publicKey, ciphertext);
  const { key, check } = fileKey(p, ephemeral, lock.key, secret, head);
  ephemeral.privateKey.wipe();
  return { bytes: concat(head, check, checksum(p, head, check)), key };
}

/**
 * Reads the beginning of a backup (all of its bytes). `backup/newer`, `backup/damaged`; `backup/wrong-key` when it is whole and made for
 * other words.
 */
export function openBackupHeader(p: Primitives, ours: BackupKey, bytes: Uint8Array): BackupHeader {
  if (!isBackup(bytes)) throw damaged("it does not begin as a backup does");
  const version = bytes[MAGIC.length] as number;
  if (version > VERSION)
    throw new ProtocolError("backup/newer", "a backup was written by a newer version", { found: version, known: VERSION });
  if (version < VERSION || bytes.length !== BACKUP_HEADER_LENGTH) throw damaged("its beginning is incomplete");
  const head = bytes.subarray(0, HEAD_LENGTH);
  const check = bytes.subarray(HEAD_LENGTH, HEAD_LENGTH + CHECK_LENGTH);
  if (!equalBytes(checksum(p, head, check), bytes.subarray(HEAD_LENGTH + CHECK_LENGTH))) throw damaged("its beginning was changed");
  const opened = openKey(p, ours, head);
  if (!equalBytes(opened.check, check)) {
    throw new ProtocolError("backup/wrong-key", "a backup was made for other words");
  }
  return { bytes: bytes.slice(), key: opened.key };
}

/** Whether bytes begin as every version of a backup does. */
function isBackup(bytes: Uint8Array): boolean {
  return bytes.length > MAGIC.length && equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
}

function openKey(p: Primitives, ours: BackupKey, head: Uint8Array): { key: Secret; check: Uint8Array } {
  try {
    const ephemeral = parsePublicKey(p, head.subarray(KEY_START, KYBER_START));
    return fileKey(p, ours.keys, ephemeral, kyberDecapsulate(p, ours.kyber, head.subarray(KYBER_START)), head);
  } catch (error) {
    // No key that a writer of backups uses: nobody's words open this.
    if (error instanceof ProtocolError) throw damaged("its beginning holds no key");
    throw error;
  }
}

function fileKey(
  p: Primitives,
  ours: KeyPair,
  theirs: PublicKey,
  kyberSecret: Uint8Array,
  head: Uint8Array,
): { key: Secret; check: Uint8Array } {
  const shared = sharedPoint(p, ours, theirs);
  const both = p.hkdf(undefined, concat(shared.expose(), kyberSecret), concat(FILE_LABEL, head), 32 + CHECK_LENGTH);
  shared.wipe();
  return { key: new Secret(both.slice(0, 32)), check: both.slice(32) };
}

/** Tells damage from other words: whoever changes the beginning on purpose can make either. */
function checksum(p: Primitives, head: Uint8Array, check: Uint8Array): Uint8Array {
  return p.sha256(concat(head, check)).slice(0, SUM_LENGTH);
}
