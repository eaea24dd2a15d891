// Finding backups at relays from the words alone: each day of the last three months has places for indexes, and whoever has the words knows
// them. Takes the backup key; gives what is there, newest first. Not a concern here: taking it in.

import {
  backupAuthor,
  type BackupIndex,
  BACKUP_INDEX_LENGTH,
  type BackupKey,
  backupPlace,
  openBackupIndex,
  type Primitives,
  ProtocolError,
  type PublicKey,
  type Secret,
  utcDay,
} from "@sotto/protocol";
import type { Cancellable } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { BACKUP_DAYS_BACK, BACKUP_SLOTS } from "../limits.ts";
import type { RelayClient } from "../relay/relay-client.ts";

/** Days asked for at once. */
const AT_ONCE = 8;

/** An index and the relay that has it, with its files. */
export interface FoundIndex extends BackupIndex {
  readonly relay: RelayClient;
}

/** What relays have. */
export interface FoundBackups {
  /** Newest first. */
  readonly indexes: readonly FoundIndex[];
  /** A relay gave something at a place that is no index: its error, `backup/damaged` or `backup/newer`. */
  readonly unreadable: ProtocolError | undefined;
}

/**
 * `devices`: keys of devices that are listed, as far as that is known; they have places of their own where somebody filled those of all.
 * Every backup of the last 91 days, and of tomorrow, in case clocks differ. A relay that cannot be reached counts as having none, if another one
 * has some; otherwise its error is this one's.
 */
export async function findBackups(
  p: Primitives,
  key: BackupKey,
  devices: readonly PublicKey[],
  relays: readonly RelayClient[],
  now: number,
  options: Cancellable,
): Promise<FoundBackups> {
  const found: FoundBackups[] = [];
  let failure: unknown;
  for (const relay of relays) {
    try {
      found.push(await findAt(p, key, devices, relay, now, options));
    } catch (error) {
      if (!MessengerError.is(error) || error.blame !== "relay") throw error;
      failure ??= error;
    }
  }
  const indexes = found.flatMap((at) => at.indexes).toSorted((a, b) => b.made - a.made);
  if (indexes.length === 0 && failure !== undefined) throw failure;
  return { indexes, unreadable: found.find((at) => at.unreadable !== undefined)?.unreadable };
}

async function findAt(
  p: Primitives,
  key: BackupKey,
  devices: readonly PublicKey[],
  relay: RelayClient,
  now: number,
  options: Cancellable,
): Promise<FoundBackups> {
  const ownOf = (author: PublicKey): Secret => backupAuthor(p, key.authors, author).key;
  const [ofWords, ofDevices] = [ownOf(key.account), devices.map(ownOf)];
  const indexes: FoundIndex[] = [];
  let unreadable: ProtocolError | undefined;
  /** Whether all places of a day were taken. */
  const areTaken = async (places: Secret, day: number): Promise<boolean> => {
    for (let slot = 0; slot < BACKUP_SLOTS; slot++) {
      const place = backupPlace(p, places, day, slot);
      const blob = await relay.getBlob(place.id, { maxBytes: BACKUP_INDEX_LENGTH, ...options });
      if (blob === undefined) return false;
      try {
        indexes.push({ ...openBackupIndex(p, place, key, blob), relay });
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        unreadable = error;
      }
    }
    return true;
  };
  const lookAt = async (day: number): Promise<void> => {
    await areTaken(ofWords, day);
    if (await areTaken(key.places, day)) for (const places of ofDevices) await areTaken(places, day);
  };
  const tomorrow = utcDay(now) + 1;
  const days = Array.from({ length: BACKUP_DAYS_BACK + 2 }, (_, i) => tomorrow - i).filter((day) => day >= 0);
  for (let i = 0; i < days.length; i += AT_ONCE) await Promise.all(days.slice(i, i + AT_ONCE).map(lookAt));
  return { indexes, unreadable };
}
