// A message of the other side that the person has not read yet, and one that was read on another device before it came here, as stored. Not a
// concern here: the message itself.

import type { ConversationId } from "../api.ts";
import { hex } from "../engine/hex.ts";
import { plainKind } from "../engine/table.ts";

/** A message that waits to be read. */
export interface UnreadRecord {
  /** Its place in the log. */
  readonly place: number;
  readonly conversation: ConversationId;
  /** Content id, 16 bytes. */
  readonly id: Uint8Array;
  /** Where it is shown (engine/message-order.ts). */
  readonly position: string;
}

export const unreadKind = plainKind<UnreadRecord>("unread", (record) => String(record.place));

/** A message that has been read although it is not here yet: own devices' cells may cross. */
export interface EarlyReadRecord {
  readonly conversation: ConversationId;
  /** Content id, 16 bytes. */
  readonly id: Uint8Array;
  /** When that was heard, ms. */
  readonly heard: number;
}

/** The name of an early read. */
export function earlyReadName({ conversation, id }: Pick<EarlyReadRecord, "conversation" | "id">): string {
  return `${conversation} ${hex(id)}`;
}

export const earlyReadKind = plainKind<EarlyReadRecord>("early-reads", earlyReadName);
