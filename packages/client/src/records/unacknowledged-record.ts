// Messages that were said to a device and that it has not acknowledged, as stored: what is said again when it lost its session.

import type { ConversationId } from "../api.ts";
import { plainKind, type RecordKind } from "../engine/table.ts";

/** A message in the log that was said to a device. */
export interface UnacknowledgedItem {
  readonly conversation: ConversationId;
  readonly place: number;
  /** When it was said, ms. */
  readonly at: number;
}

/** What one device has not acknowledged. */
export interface UnacknowledgedRecord {
  /** The session's name. */
  readonly device: string;
  /** Oldest first. */
  readonly items: readonly UnacknowledgedItem[];
}

export const unacknowledgedKind: RecordKind<UnacknowledgedRecord> = {
  ...plainKind<UnacknowledgedRecord>("unacknowledged", (record) => record.device),
  mendable: true,
};
