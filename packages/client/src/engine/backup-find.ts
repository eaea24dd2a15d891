// Finding backups at a relay from the words alone: each day of the last three months has places for indexes, and whoever has the words knows
// them. Takes the place key; gives what is there, newest first. Not a concern here: taking it in.

import {
  backupDay,
  type BackupIndex,
  BACKUP_INDEX_LENGTH,
  backupPlace,
  openBackupIndex,
  type Primitives,
  ProtocolError,
  type Secret,
} from "@sotto/protocol";
import type { Cancellable } from "../api.ts";
import { BACKUP_DAYS_BACK, BACKUP_SLOTS } from "../limits.ts";
import type { RelayClient } from "../relay/relay-client.ts";

/** Days asked for at once. */
const AT_ONCE = 8;

/** What a relay has. */
export interface FoundBackups {
  /** Newest first. */
  readonly indexes: readonly BackupIndex[];
  /** The relay gave something at a place that is no index: its error, `backup/damaged` or `backup/newer`. */
  readonly unreadable: ProtocolError | undefined;
}

/** Every backup of the last 91 days, and of tomorrow, in case clocks differ. Errors of the relay. */
export async function findBackups(
  p: Primitives,
  places: Secret,
  relay: RelayClient,
  now: number,
  options: Cancellable,
): Promise<FoundBackups> {
  const indexes: BackupIndex[] = [];
  let unreadable: ProtocolError | undefined;
  const lookAt = async (day: number): Promise<void> => {
    for (let slot = 0; slot < BACKUP_SLOTS; slot++) {
      const place = backupPlace(p, places, day, slot);
      const blob = await relay.getBlob(place.id, { maxBytes: BACKUP_INDEX_LENGTH, ...options });
      if (blob === undefined) return;
      try {
        indexes.push(openBackupIndex(p, place, blob));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        unreadable = error;
      }
    }
  };
  const tomorrow = backupDay(now) + 1;
  const days = Array.from({ length: BACKUP_DAYS_BACK + 2 }, (_, i) => tomorrow - i).filter((day) => day >= 0);
  for (let i = 0; i < days.length; i += AT_ONCE) await Promise.all(days.slice(i, i + AT_ONCE).map(lookAt));
  return { indexes: indexes.toSorted((a, b) => b.made - a.made), unreadable };
}
