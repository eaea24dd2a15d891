// Lock and key of an account's backups (spec §11). The lock closes a backup: every device of the account has it. The key opens it and comes
// out of the words alone, so that a device without them (which may be lost one day) opens no backup. Takes what the words stand for; gives
// both. Not a concern here: what a backup looks like (writer.ts, reader.ts), where a relay keeps it (index-blob.ts).
//
//   K = HKDF(no salt, entropy, "Sotto Backup v1", 128) = X25519 private key 32 || Kyber seed 64 || place key 32
//   lock = X25519 public key 33 || Kyber public key 1569 || place key 32 || XEdDSA_account("Sotto Backup Lock v1" || all before) 64

import { type KeyPair, keyPairFromPrivate, parsePublicKey, PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { accountFromEntropy } from "../identity/account.ts";
import { SIGNATURE_LENGTH, sign, verify } from "../identity/xeddsa.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { KYBER_PUBLIC_KEY, type KyberKeyPair, kyberKeyPairFromSeed } from "../session/kyber1024.ts";

const KEY_LABEL = ascii("Sotto Backup v1");
const LOCK_LABEL = ascii("Sotto Backup Lock v1");
const PLACE_KEY_LENGTH = 32;
const KYBER_END = PUBLIC_KEY_LENGTH + KYBER_PUBLIC_KEY;
const PLACES_END = KYBER_END + PLACE_KEY_LENGTH;

/** Bytes of a lock. */
export const BACKUP_LOCK_LENGTH = PLACES_END + SIGNATURE_LENGTH;

/** What closes an account's backups. */
export interface BackupLock {
  readonly key: PublicKey;
  /** 1,569 bytes with its type byte. */
  readonly kyber: Uint8Array;
  /** Where a relay keeps backups follows from this (32 bytes). */
  readonly places: Secret;
  /** As devices of the account give it to each other, 1,698 bytes. */
  readonly bytes: Secret;
}

/** What opens them. */
export interface BackupKey {
  readonly keys: KeyPair;
  readonly kyber: KyberKeyPair;
  readonly places: Secret;
}

/** The key of what a phrase stands for (32 or 16 bytes): always the same one. */
export function backupKeyOf(p: Primitives, entropy: Uint8Array): BackupKey {
  const seed = p.hkdf(undefined, entropy, KEY_LABEL, 128);
  const keys = keyPairFromPrivate(p, seed.subarray(0, 32));
  const kyber = kyberKeyPairFromSeed(p, seed.subarray(32, 96));
  const places = new Secret(seed.slice(96));
  seed.fill(0);
  return { keys, kyber, places };
}

/** The lock of what a phrase stands for, signed by the account: a device of it that turned hostile cannot pass on a lock of its own. */
export function backupLockOf(p: Primitives, entropy: Uint8Array): BackupLock {
  const { keys, kyber, places } = backupKeyOf(p, entropy);
  keys.privateKey.wipe();
  kyber.seed.wipe();
  const account = accountFromEntropy(p, entropy);
  const content = concat(keys.publicKey, kyber.publicKey, places.expose());
  const bytes = concat(content, sign(p, account, concat(LOCK_LABEL, content)));
  account.privateKey.wipe();
  return { key: keys.publicKey, kyber: kyber.publicKey, places, bytes: new Secret(bytes) };
}

/** A lock that another device of `account` gave. `decode/invalid`, `agreement/invalid-key`, `identity/bad-signature`. */
export function verifyBackupLock(p: Primitives, bytes: Uint8Array, account: PublicKey): BackupLock {
  if (bytes.length !== BACKUP_LOCK_LENGTH) throw new ProtocolError("decode/invalid", "not the lock of a backup");
  if (!verify(p, account, concat(LOCK_LABEL, bytes.subarray(0, PLACES_END)), bytes.subarray(PLACES_END))) {
    throw new ProtocolError("identity/bad-signature", "the lock of a backup is not signed by its account");
  }
  return {
    key: parsePublicKey(p, bytes.subarray(0, PUBLIC_KEY_LENGTH)),
    kyber: bytes.slice(PUBLIC_KEY_LENGTH, KYBER_END),
    places: new Secret(bytes.slice(KYBER_END, PLACES_END)),
    bytes: new Secret(bytes.slice()),
  };
}
