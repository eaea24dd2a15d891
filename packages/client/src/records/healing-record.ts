// A session that was spoken on since it last healed, as stored: where it stands in the turns by which it heals by itself.

import { plainKind, type RecordKind } from "../engine/table.ts";

/** The turns of one session; there is no record while nothing is to be healed. */
export interface HealingRecord {
  /** The session's name. */
  readonly device: string;
  /** The turn that comes next, 0 to 4: this device's when `due` is set, else the other one's. */
  readonly turn: number;
  /** When this device takes its turn, ms; `null` while it waits for the other one. */
  readonly due: number | null;
  /** When this step began, ms. */
  readonly since: number;
  /** When this device takes the turn before once more that was not answered, ms; `null`: never. */
  readonly repeat: number | null;
  /** Whether people spoke on the session since the turns began: then it heals once more afterwards. */
  readonly again: boolean;
}

export const healingKind: RecordKind<HealingRecord> = { ...plainKind<HealingRecord>("healing", (record) => record.device), mendable: true };
