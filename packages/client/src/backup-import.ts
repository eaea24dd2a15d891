// Importing a backup: bytes from a file, a stream or the relay, opened as they come and taken in some messages at a time, so that memory stays
// bounded and each step is complete. Takes the key that comes of the words. Not a concern here: what taking in means (engine/backup-take.ts),
// where a relay keeps backups (engine/backup-find.ts).

import { accountFromEntropy, type BackupKey, backupKeyOf, BackupReader, type Primitives, type PublicKey } from "@sotto/protocol";
import { refuseAborted } from "./aborted.ts";
import type { BackupOptions, BackupSource, Cancellable } from "./api.ts";
import { findBackups, type FoundBackups } from "./engine/backup-find.ts";
import { toldRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { BACKUP_BATCH, BACKUP_FILE_BYTES, BACKUP_TRIES } from "./limits.ts";
import { entropyOf } from "./recovery-words.ts";
import type { RelayClient } from "./relay/relay-client.ts";
import type { SharedEngine } from "./sharing/shared-engine.ts";

/** A source that was looked into: it is a backup, and these words open it. */
export type OpenedBackup =
  | {
      readonly kind: "file";
      readonly reader: BackupReader;
      readonly items: AsyncGenerator<Uint8Array>;
      readonly first: IteratorResult<Uint8Array>;
      readonly total: number;
    }
  | { readonly kind: "relay"; readonly key: BackupKey; readonly found: FoundBackups };

/** Where a backup comes from and what opens it. */
export interface Opening extends BackupOptions {
  readonly primitives: Primitives;
  readonly key: BackupKey;
  /** Keys of the account's devices, as far as they are known. */
  readonly devices: readonly PublicKey[];
  /** Where a backup may be kept. */
  readonly relays: readonly RelayClient[];
  readonly now: number;
}

/** What the words of an account open its backups with. `recovery/not-here` where they are not, `phrase/other-account`, errors of the words. */
export function keyOfAccount({ primitives: p, state }: SharedEngine, phrase: string | undefined): BackupKey {
  const { self } = state;
  if (phrase !== undefined) {
    const entropy = entropyOf(p, phrase);
    if (accountFromEntropy(p, entropy).id !== self.id) throw new MessengerError("phrase/other-account", {});
    return backupKeyOf(p, entropy);
  }
  if (self.phrase === null) throw new MessengerError("recovery/not-here", {});
  return backupKeyOf(p, self.phrase);
}

/**
 * Looks into a source before anything is changed. `backup/wrong-key`, `backup/damaged`, `backup/newer`, `backup/not-found` (at the relay) and
 * errors of the relay.
 */
export async function openBackup(
  source: BackupSource,
  { primitives: p, key, devices, relays, now, signal, onProgress }: Opening,
): Promise<OpenedBackup> {
  const options = signal === undefined ? {} : { signal };
  if (source !== "relay") {
    const total = source instanceof Blob ? source.size : 0;
    let done = 0;
    const reader = new BackupReader(p, key);
    const items = itemsOf(reader, source instanceof Blob ? source.stream() : source, (count) => {
      onProgress?.({ done: (done += count), total });
    });
    return { kind: "file", reader, items, first: await items.next(), total };
  }
  const found = await findBackups(p, key, devices, relays, now, options);
  if (found.indexes.length === 0) throw found.unreadable ?? new MessengerError("backup/not-found", {});
  return { kind: "relay", key, found };
}

/** Takes in an opened backup; gives how many messages were new. Of one that is damaged what comes before the damage is taken in. */
export async function importBackup(engine: SharedEngine, opened: OpenedBackup, options: BackupOptions): Promise<number> {
  if (opened.kind === "relay") return await importFromRelay(engine, opened.key, opened.found, options);
  return await takeItems(engine, opened.reader, opened.items, opened.first, options);
}

/** Opens a source with the account's words, or with `phrase`, and takes it in. */
export async function importInto(
  engine: SharedEngine,
  source: BackupSource,
  { phrase, ...options }: { phrase?: string } & BackupOptions,
): Promise<number> {
  const { primitives, clock } = engine;
  const key = keyOfAccount(engine, phrase);
  const devices = engine.state.self.list.entries.map((entry) => entry.key);
  const relays = toldRelays(engine.state.self).map((address) => engine.relay(address));
  return await importBackup(engine, await openBackup(source, { primitives, key, devices, relays, now: clock.now(), ...options }), options);
}

/**
 * The newest backup of each device: one may have what another has not. Where one is damaged or incomplete, the device's next older one stands
 * in, and the damage is reported; it is this call's error when nothing whole was found.
 */
async function importFromRelay(
  engine: SharedEngine,
  key: BackupKey,
  { indexes, unreadable }: FoundBackups,
  { signal, onProgress }: BackupOptions,
): Promise<number> {
  const options = signal === undefined ? {} : { signal };
  const [taken, tries] = [new Set<string>(), new Map<string, number>()];
  let whole = 0;
  let messages = 0;
  let problem = unreadable === undefined ? undefined : asMessengerError(unreadable);
  for (const index of indexes) {
    const device = index.device.join();
    const tried = tries.get(device) ?? 0;
    if (tried >= BACKUP_TRIES) continue;
    tries.set(device, tried + 1);
    try {
      for (const [i, id] of index.files.entries()) {
        if (!taken.has(id.join())) messages += await importFile(engine, key, index.relay, id, options);
        taken.add(id.join());
        onProgress?.({ done: i + 1, total: index.files.length });
      }
      tries.set(device, BACKUP_TRIES);
      whole++;
    } catch (error) {
      if (!MessengerError.is(error, "backup/damaged", "backup/newer")) throw error;
      problem ??= error;
    }
  }
  if (problem !== undefined && whole === 0) throw problem;
  if (problem !== undefined) engine.report(problem);
  return messages;
}

async function importFile(engine: SharedEngine, key: BackupKey, relay: RelayClient, id: Uint8Array, options: Cancellable): Promise<number> {
  // Whoever wrote the file ended it within a chunk and its padding of this size.
  const blob = await relay.getBlob(id, { maxBytes: 2 * BACKUP_FILE_BYTES, ...options });
  if (blob === undefined) throw new MessengerError("backup/damaged", { reason: "the relay has lost a part of it" });
  const reader = new BackupReader(engine.primitives, key);
  const items = itemsOf(reader, new Blob([blob as Uint8Array<ArrayBuffer>]).stream());
  try {
    return await takeItems(engine, reader, items, await items.next(), options);
  } catch (error) {
    // The index is of these words, so a file that is not was put in its place.
    if (!MessengerError.is(error, "backup/wrong-key")) throw error;
    throw new MessengerError("backup/damaged", { reason: "the relay gave another account's file in its place" }, { cause: error });
  }
}

async function takeItems(
  engine: SharedEngine,
  reader: BackupReader,
  items: AsyncGenerator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
  { signal }: Cancellable,
): Promise<number> {
  let messages = 0;
  let batch: Uint8Array[] = [];
  const take = async (): Promise<void> => {
    const given = batch;
    batch = [];
    // There is an item, so the reader knows whose it is.
    if (given.length > 0) messages += await engine.run("takeBackup", given, reader.author as PublicKey).catch(refuseAsDamage);
  };
  try {
    for (let item = first; item.done !== true; item = await items.next()) {
      refuseAborted(signal);
      if (batch.push(item.value) >= BACKUP_BATCH) await take();
    }
    await take();
    return messages;
  } catch (error) {
    // What came before the damage counts.
    if (MessengerError.is(error, "backup/damaged")) await take();
    throw error;
  } finally {
    // The source is let go of, wherever this ended.
    await items.return(undefined);
  }
}

/** What is sealed for these words and says what no device of ours would say was made by one that was taken over: another backup may be whole. */
function refuseAsDamage(thrown: unknown): never {
  const error = asMessengerError(thrown);
  const { code } = error;
  if (code !== "message/unreadable" && code !== "argument/invalid" && code !== "address/invalid" && !code.startsWith("identity/"))
    throw error;
  throw new MessengerError("backup/damaged", { reason: "it says what no device of the account would say" }, { cause: error });
}

async function* itemsOf(
  reader: BackupReader,
  source: ReadableStream<Uint8Array>,
  onBytes: (count: number) => void = () => undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Not `for await`: not every browser iterates over streams.
  const bytes = source.getReader();
  try {
    for (let piece = await bytes.read(); !piece.done; piece = await bytes.read()) {
      if (!(piece.value instanceof Uint8Array)) throw new MessengerError("argument/invalid", { reason: "a backup is a stream of bytes" });
      yield* reader.read(piece.value);
      onBytes(piece.value.length);
    }
    yield* reader.end();
  } catch (error) {
    throw asMessengerError(error);
  } finally {
    await bytes.cancel().catch(() => undefined);
  }
}
