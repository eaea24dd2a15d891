// Lock and key of an account's backups (spec §11). The lock closes a backup: every device of the account has it. The key opens it and comes
// out of the words alone, so that a device without them (which may be lost one day) opens no backup, and makes none in another's name. Takes what the words stand for; gives
// both. Not a concern here: what a backup looks like (writer.ts, reader.ts), where a relay keeps it (index-blob.ts).
//
//   K = HKDF(no salt, entropy, "Sotto Backup v1", 160) = X25519 private key 32 || Kyber seed 64 || place key 32 || author root 32
//   lock = X25519 public key 33 || Kyber public key 1569 || place key 32 || author 33 || author key 32
//          || XEdDSA_account("Sotto Backup Lock v1" || all before) 64

import { type KeyPair, keyPairFromPrivate, parsePublicKey, PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { accountFromEntropy } from "../identity/account.ts";
import { SIGNATURE_LENGTH, sign, verify } from "../identity/xeddsa.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { KYBER_PUBLIC_KEY, type KyberKeyPair, kyberKeyPairFromSeed } from "../session/kyber1024.ts";
import { type BackupAuthor, backupAuthor } from "./author.ts";

const KEY_LABEL = ascii("Sotto Backup v1");
const LOCK_LABEL = ascii("Sotto Backup Lock v1");
const PLACE_KEY_LENGTH = 32;
const KYBER_END = PUBLIC_KEY_LENGTH + KYBER_PUBLIC_KEY;
const PLACES_END = KYBER_END + PLACE_KEY_LENGTH;
const AUTHOR_END = PLACES_END + PUBLIC_KEY_LENGTH;
const CONTENT_END = AUTHOR_END + 32;

/** Bytes of a lock. */
export const BACKUP_LOCK_LENGTH = CONTENT_END + SIGNATURE_LENGTH;

/** What closes an account's backups, for one author. */
export interface BackupLock {
  readonly key: PublicKey;
  /** 1,569 bytes with its type byte. */
  readonly kyber: Uint8Array;
  /** Where a relay keeps backups of devices without the words follows from this (32 bytes). */
  readonly places: Secret;
  readonly author: BackupAuthor;
  /** As devices of the account give it to each other, 1,763 bytes. */
  readonly bytes: Secret;
}

/** What opens them. */
export interface BackupKey {
  readonly keys: KeyPair;
  readonly kyber: KyberKeyPair;
  readonly places: Secret;
  /** What the keys of all authors follow from (32 bytes). */
  readonly authors: Secret;
  /** The account's key, which stands for all who have the words. */
  readonly account: PublicKey;
}

/** The key of what a phrase stands for (32 or 16 bytes): always the same one. */
export function backupKeyOf(p: Primitives, entropy: Uint8Array): BackupKey {
  const seed = p.hkdf(undefined, entropy, KEY_LABEL, 160);
  const keys = keyPairFromPrivate(p, seed.subarray(0, 32));
  const kyber = kyberKeyPairFromSeed(p, seed.subarray(32, 96));
  const [places, authors] = [new Secret(seed.slice(96, 128)), new Secret(seed.slice(128))];
  seed.fill(0);
  const account = accountFromEntropy(p, entropy);
  account.privateKey.wipe();
  return { keys, kyber, places, authors, account: account.publicKey };
}

/**
 * The lock of what a phrase stands for, signed by the account: a device of it that turned hostile cannot pass on a lock of its own. `device`: for
 * that one, which has no words; otherwise for who has them.
 */
export function backupLockOf(p: Primitives, entropy: Uint8Array, device?: PublicKey): BackupLock {
  const { keys, kyber, places, authors, account } = backupKeyOf(p, entropy);
  keys.privateKey.wipe();
  kyber.seed.wipe();
  const author = backupAuthor(p, authors, device ?? account);
  authors.wipe();
  const signer = accountFromEntropy(p, entropy);
  const content = concat(keys.publicKey, kyber.publicKey, places.expose(), author.author, author.key.expose());
  const bytes = concat(content, sign(p, signer, concat(LOCK_LABEL, content)));
  signer.privateKey.wipe();
  return { key: keys.publicKey, kyber: kyber.publicKey, places, author, bytes: new Secret(bytes) };
}

/** A lock that another device of `account` gave. `decode/invalid`, `agreement/invalid-key`, `identity/bad-signature`. */
export function verifyBackupLock(p: Primitives, bytes: Uint8Array, account: PublicKey): BackupLock {
  if (bytes.length !== BACKUP_LOCK_LENGTH) throw new ProtocolError("decode/invalid", "not the lock of a backup");
  if (!verify(p, account, concat(LOCK_LABEL, bytes.subarray(0, CONTENT_END)), bytes.subarray(CONTENT_END))) {
    throw new ProtocolError("identity/bad-signature", "the lock of a backup is not signed by its account");
  }
  return {
    key: parsePublicKey(p, bytes.subarray(0, PUBLIC_KEY_LENGTH)),
    kyber: bytes.slice(PUBLIC_KEY_LENGTH, KYBER_END),
    places: new Secret(bytes.slice(KYBER_END, PLACES_END)),
    author: {
      author: parsePublicKey(p, bytes.subarray(PLACES_END, AUTHOR_END)),
      key: new Secret(bytes.slice(AUTHOR_END, CONTENT_END)),
    },
    bytes: new Secret(bytes.slice()),
  };
}
