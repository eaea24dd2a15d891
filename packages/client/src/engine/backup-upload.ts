// Making a backup at the relay (spec §11): the message log in files, each a blob of its own, then the index that names them all. Files of the
// last time are used again, so that a backup costs what is new. Only what the relay has acknowledged is written down, and a backup counts when
// its index is there: a crash at any moment loses at most the file that was on its way. Not a concern here: when (backup-keeper.ts).

import {
  type BackupLock,
  backupPlace,
  BackupWriter,
  concat,
  MAX_BACKUP_FILES,
  type Primitives,
  sealBackupIndex,
  utcDay,
} from "@sotto/protocol";
import type { BackupOptions } from "../api.ts";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { BACKUP_FILE_BYTES, BACKUP_RENEWAL_FILES, BACKUP_RENEWAL_MS, BACKUP_SLOTS } from "../limits.ts";
import type { BackupFile } from "../records/backup-record.ts";
import type { RelayClient } from "../relay/relay-client.ts";
import { type BackupContents, backupContents } from "./backup-contents.ts";
import { backupLock } from "./backup-lock.ts";
import { changeBackup, keptBackup } from "./backup-record.ts";
import type { State } from "./state.ts";
import type { Writer } from "./transaction.ts";

/** What an upload needs of its engine. */
export interface BackupSetting {
  readonly state: State;
  readonly writer: Writer;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly relay: RelayClient;
}

/** Makes a backup now. Errors of the relay, `aborted`, `backup/too-large`, `recovery/not-here`. */
export async function uploadBackup(setting: BackupSetting, { signal, onProgress }: BackupOptions): Promise<void> {
  const { state, writer, primitives: p, clock, relay } = setting;
  const options = signal === undefined ? {} : { signal };
  const lock = backupLock(p, state.self);
  let files = await usableFiles(setting, options);
  const contents = backupContents(state, p, clock.now());
  for await (const { bytes, next } of backupFiles(p, lock, contents, files.at(-1)?.next ?? 0)) {
    if (files.length >= MAX_BACKUP_FILES) throw new MessengerError("backup/too-large", { limit: MAX_BACKUP_FILES });
    const id = p.randomBytes(32);
    await relay.putBlob(id, bytes, options);
    files = [...files, { id, bytes: bytes.length, made: clock.now(), next }];
    const uploaded = files;
    await writer.change((tx) => changeBackup(tx, { files: uploaded }));
    onProgress?.({ done: next, total: contents.end });
  }
  await pinIndex(setting, lock, files, options);
  const last = { at: clock.now(), bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  await writer.change((tx) => changeBackup(tx, { last, failed: null }));
}

/** Files of the last time, if they are young, few, and all still there: otherwise none, and everything is uploaded anew. */
async function usableFiles({ state, clock, relay }: BackupSetting, options: { signal?: AbortSignal }): Promise<readonly BackupFile[]> {
  const { files } = keptBackup(state);
  const [oldest] = files;
  if (oldest === undefined || files.length >= BACKUP_RENEWAL_FILES || clock.now() - oldest.made >= BACKUP_RENEWAL_MS) return [];
  for (const { id } of files) if (!(await relay.hasBlob(id, options))) return [];
  return files;
}

/** The account, then its log from `from` on, in files of bounded size. There is always one: it says that nothing was added. */
async function* backupFiles(
  p: Primitives,
  lock: BackupLock,
  { account, end, messages }: BackupContents,
  from: number,
): AsyncGenerator<{ bytes: Uint8Array; next: number }, void, undefined> {
  let writer = new BackupWriter(p, lock);
  let parts: Uint8Array[] = [writer.header];
  for (const item of account) parts.push(...writer.add(item));
  for await (const { item, next } of messages(from)) {
    parts.push(...writer.add(item));
    if (writer.size < BACKUP_FILE_BYTES || next === end) continue;
    yield { bytes: concat(...parts, ...writer.end()), next };
    writer = new BackupWriter(p, lock);
    parts = [writer.header];
  }
  yield { bytes: concat(...parts, ...writer.end()), next: end };
}

/**
 * Puts the index into the first free place of the day. Who has the words has places that no other device knows; a device without looks where
 * backups are found without its name first, and has its own where somebody has filled those.
 */
async function pinIndex(
  { state, primitives: p, clock, relay }: BackupSetting,
  lock: BackupLock,
  files: readonly BackupFile[],
  options: { signal?: AbortSignal },
): Promise<void> {
  const made = clock.now();
  const index = { made, device: state.device.keys.publicKey, files: files.map(({ id }) => id) };
  const own = lock.author.key;
  const places = state.self.phrase === null ? [lock.places, own] : [own];
  const free = places.flatMap((key) => Array.from({ length: BACKUP_SLOTS }, (_, slot) => ({ key, slot })));
  for (const [i, { key, slot }] of free.entries()) {
    const place = backupPlace(p, key, utcDay(made), slot);
    try {
      return await relay.putBlob(place.id, sealBackupIndex(p, place, lock.author, index), options);
    } catch (error) {
      const taken = MessengerError.is(error, "relay/rejected") && error.details.code === "blob/conflict";
      if (!taken || i === free.length - 1) throw error;
    }
  }
}
