// Who made a backup (spec §11): devices of an account that have the words, all as one, and each device without them. Takes the key that only the
// author and the words know; gives proofs, and says of which author one is. So a device that was removed can make backups in no other's name.
// Not a concern here: which authors are believed.
//
//   author key = HKDF(no salt, author root, "Sotto Backup Author v1" || author 33, 32)          author = account key (the words) or device key
//   proof      = HKDF(no salt, author key, "Sotto Backup Proof v1" || what it is of, 32)

import { PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { ascii, concat, equalBytes } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";

const KEY_LABEL = ascii("Sotto Backup Author v1");
const PROOF_LABEL = ascii("Sotto Backup Proof v1");
const LENGTH = 32;

/** Bytes of an author with a proof. */
export const BACKUP_PROOF_LENGTH = PUBLIC_KEY_LENGTH + LENGTH;

/** Whoever makes backups. */
export interface BackupAuthor {
  /** The account's key for who has the words, otherwise that of the device (33 bytes). */
  readonly author: PublicKey;
  /** 32 bytes, known to the author and who has the words. */
  readonly key: Secret;
}

/** The author of this name. */
export function backupAuthor(p: Primitives, root: Secret, author: PublicKey): BackupAuthor {
  return { author, key: new Secret(p.hkdf(undefined, root.expose(), concat(KEY_LABEL, author), LENGTH)) };
}

/** The author's name and proof of what they made: 65 bytes. */
export function proveBackup(p: Primitives, { author, key }: BackupAuthor, made: Uint8Array): Uint8Array {
  return concat(author, p.hkdf(undefined, key.expose(), concat(PROOF_LABEL, made), LENGTH));
}

/** Who made it, if the proof (65 bytes) is theirs. */
export function provenAuthor(p: Primitives, root: Secret, proof: Uint8Array, made: Uint8Array): PublicKey | undefined {
  if (proof.length !== BACKUP_PROOF_LENGTH) return undefined;
  const author = proof.slice(0, PUBLIC_KEY_LENGTH) as PublicKey;
  return equalBytes(proveBackup(p, backupAuthor(p, root, author), made), proof) ? author : undefined;
}
