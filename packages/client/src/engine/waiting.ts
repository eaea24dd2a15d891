// What waits for a session: plaintexts for devices that have not introduced themselves and whose prekeys are not here yet. Bounded, in order,
// and said as soon as there is a session. Not a concern here: how sessions begin (introductions.ts, meeting.ts).

import { MAX_WAITING } from "../limits.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { waitingKind, type WaitingRecord } from "../records/waiting-record.ts";
import type { Transaction } from "./transaction.ts";

/** The message that a plaintext counts for. */
type Counted = Pick<MessageRecord, "conversation" | "place">;

/** Keeps a plaintext for a device; beyond the bound the oldest that no message's status waits for goes. */
export function keepWaiting(tx: Transaction, { device }: SessionRecord, plaintext: Uint8Array, message?: Counted): void {
  const before = waitingFor(tx, device);
  const oldest = before.find((record) => record.message === null);
  if (before.length >= MAX_WAITING && oldest !== undefined) tx.waiting.delete(waitingKind.key(oldest));
  const place = (before.at(-1)?.place ?? 0) + 1;
  const counted = message === undefined ? null : { conversation: message.conversation, place: message.place };
  tx.waiting.put({ device, place, plaintext, message: counted });
}

/** Everything that waits for a device, oldest first, and not any more from now on. */
export function takeWaiting(tx: Transaction, device: string): WaitingRecord[] {
  const records = waitingFor(tx, device);
  for (const record of records) tx.waiting.delete(waitingKind.key(record));
  return records;
}

function waitingFor(tx: Transaction, device: string): WaitingRecord[] {
  return [...tx.waiting.values()].filter((record) => record.device === device).toSorted((a, b) => a.place - b.place);
}
