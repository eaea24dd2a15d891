// Finding backups at relays from the words alone: each day of the last three months has places for indexes, and whoever has the words knows
// them. Takes the place key; gives what is there, newest first. Not a concern here: taking it in.

import {
  type BackupIndex,
  BACKUP_INDEX_LENGTH,
  backupPlace,
  openBackupIndex,
  type Primitives,
  ProtocolError,
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
 * Every backup of the last 91 days, and of tomorrow, in case clocks differ. A relay that cannot be reached counts as having none, if another one
 * has some; otherwise its error is this one's.
 */
export async function findBackups(
  p: Primitives,
  places: Secret,
  relays: readonly RelayClient[],
  now: number,
  options: Cancellable,
): Promise<FoundBackups> {
  const found: FoundBackups[] = [];
  let failure: unknown;
  for (const relay of relays) {
    try {
      found.push(await findAt(p, places, relay, now, options));
    } catch (error) {
      if (!MessengerError.is(error) || error.blame !== "relay") throw error;
      failure ??= error;
    }
  }
  const indexes = found.flatMap((at) => at.indexes).toSorted((a, b) => b.made - a.made);
  if (indexes.length === 0 && failure !== undefined) throw failure;
  return { indexes, unreadable: found.find((at) => at.unreadable !== undefined)?.unreadable };
}

async function findAt(p: Primitives, places: Secret, relay: RelayClient, now: number, options: Cancellable): Promise<FoundBackups> {
  const indexes: FoundIndex[] = [];
  let unreadable: ProtocolError | undefined;
  const lookAt = async (day: number): Promise<void> => {
    for (let slot = 0; slot < BACKUP_SLOTS; slot++) {
      const place = backupPlace(p, places, day, slot);
      const blob = await relay.getBlob(place.id, { maxBytes: BACKUP_INDEX_LENGTH, ...options });
      if (blob === undefined) return;
      try {
        indexes.push({ ...openBackupIndex(p, place, blob), relay });
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        unreadable = error;
      }
    }
  };
  const tomorrow = utcDay(now) + 1;
  const days = Array.from({ length: BACKUP_DAYS_BACK + 2 }, (_, i) => tomorrow - i).filter((day) => day >= 0);
  for (let i = 0; i < days.length; i += AT_ONCE) await Promise.all(days.slice(i, i + AT_ONCE).map(lookAt));
  return { indexes, unreadable };
}
