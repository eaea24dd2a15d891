// The index of a backup that a relay keeps (spec §11): a blob whose id follows from the words and the day alone, so that the newest backup is
// found without anything else, and which names the blobs that make up the backup. Takes the place key of a lock, a day and a slot; seals an
// index, and opens it. To the relay it is a random id and 4,096 random bytes. An index says who made it, so that a device that knows the places
// hides no backup of another one behind its own. Not a concern here: finding the newest, expiry.
//
//   id 32 || key 32 = HKDF(no salt, place key, "Sotto Backup Place v1" || BE8(UTC day) || BE2(slot), 64)
//   blob = nonce 24 || XChaCha20-Poly1305(key, BE2 length || CBOR { format, made, device, files, proof } || zeros, ad = id)           4,096 bytes

import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import { ascii, be2, be8, concat, equalBytes } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { BACKUP_INDEX_LENGTH, MAX_BACKUP_FILES } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { BACKUP_PROOF_LENGTH, type BackupAuthor, proveBackup, provenAuthor } from "./author.ts";
import type { BackupKey } from "./backup-key.ts";
import { damaged } from "./damaged.ts";

const LABEL = ascii("Sotto Backup Place v1");
const FORMAT = 1;
const ID_LENGTH = 32;
const NONCE_LENGTH = 24;
const CONTENT_LENGTH = BACKUP_INDEX_LENGTH - NONCE_LENGTH - 16;

/** Where an index lies: the blob's id (32 bytes) and what seals it. */
export interface BackupPlace {
  readonly id: Uint8Array;
  readonly key: Secret;
}

/** What tells whether an index is of who it says. */
export type BackupAuthors = Pick<BackupKey, "authors" | "account">;

/** What makes up a backup. */
export interface BackupIndex {
  /** When it was complete, ms. */
  readonly made: number;
  /** Key of the device that made it, 33 bytes. */
  readonly device: Uint8Array;
  /** Ids (32 bytes) of blobs, each a whole backup file, oldest first. */
  readonly files: readonly Uint8Array[];
}

/**
 * The place of index `slot` of a UTC day (`utcDay`): several devices, and one device several times, may make a backup on one day. `places`: those of
 * all devices without the words, or an author's key for places that no other device knows.
 */
export function backupPlace(p: Primitives, places: Secret, day: number, slot: number): BackupPlace {
  const both = p.hkdf(undefined, places.expose(), concat(LABEL, be8(day), be2(slot)), 2 * ID_LENGTH);
  return { id: both.slice(0, ID_LENGTH), key: new Secret(both.slice(ID_LENGTH)) };
}

/** Seals an index for its place: 4,096 bytes. `argument/invalid` for more than 100 files. */
export function sealBackupIndex(
  p: Primitives,
  { id, key }: BackupPlace,
  author: BackupAuthor,
  { made, device, files }: BackupIndex,
): Uint8Array {
  if (files.length > MAX_BACKUP_FILES) throw new ProtocolError("argument/invalid", `a backup has at most ${MAX_BACKUP_FILES} files`);
  const said = { format: FORMAT, made, device, files };
  const inside = encodeCbor({ ...said, proof: proveBackup(p, author, concat(id, encodeCbor(said))) });
  const content = new Uint8Array(CONTENT_LENGTH);
  content.set(concat(be2(inside.length), inside));
  const nonce = p.randomBytes(NONCE_LENGTH);
  return concat(nonce, p.xchacha20poly1305.seal(key.expose(), nonce, content, id));
}

/** Opens what a relay holds at a place. `backup/newer`; `backup/damaged` also where a device without the words speaks for another one. */
export function openBackupIndex(
  p: Primitives,
  { id, key }: BackupPlace,
  { authors, account }: BackupAuthors,
  blob: Uint8Array,
): BackupIndex {
  const content =
    blob.length === BACKUP_INDEX_LENGTH
      ? p.xchacha20poly1305.open(key.expose(), blob.subarray(0, NONCE_LENGTH), blob.subarray(NONCE_LENGTH), id)
      : undefined;
  if (content === undefined) throw damaged("the relay gave something else in its place");
  const length = ((content[0] as number) << 8) | (content[1] as number);
  const fields = new Fields(decodeCbor(content.subarray(2, 2 + length), "an index", "backup/damaged"), "an index", "backup/damaged");
  const format = fields.uint("format");
  if (format !== FORMAT)
    throw new ProtocolError("backup/newer", "a backup was written by a newer version", { found: format, known: FORMAT });
  const index = {
    made: fields.uint("made"),
    device: fields.bytes("device", PUBLIC_KEY_LENGTH),
    files: fields.byteStrings("files", MAX_BACKUP_FILES, ID_LENGTH, true),
  };
  const proof = fields.bytes("proof", BACKUP_PROOF_LENGTH);
  fields.end();
  const author = provenAuthor(p, authors, proof, concat(id, encodeCbor({ format, ...index })));
  if (author === undefined || !(equalBytes(author, account) || equalBytes(author, index.device))) {
    throw damaged("nobody of the account says that they made it");
  }
  return index;
}
