// What is to be said to a device that there is no session with yet, as stored: it is said when that device has introduced itself, or its
// prekeys have come. Not a concern here: sessions.

import type { ConversationId } from "../api.ts";
import { plainKind } from "../engine/table.ts";

/** One plaintext for one device. */
export interface WaitingRecord {
  /** Names the session: the device key in hexadecimal. */
  readonly device: string;
  /** Order for this device. */
  readonly place: number;
  readonly plaintext: Uint8Array;
  /** The message that it carries, if it counts for the message's status. */
  readonly message: { readonly conversation: ConversationId; readonly place: number } | null;
}

export const waitingKind = plainKind<WaitingRecord>("waiting", (record) => `${record.device} ${record.place}`);
