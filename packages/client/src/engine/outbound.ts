// Cells into the outbox: plaintext for a device is sealed on its session and enqueued in the transaction that caused it. Also how the cells
// of a message count for its status. Not a concern here: sending (outbox.ts), first contacts (introductions.ts), whom a message is for.

import { type Shard, WHOLE_BOARD } from "@sotto/wire";
import type { ContactId } from "../api.ts";
import type { ErrorCode } from "../errors.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { Lane, OutboxRecord } from "../records/outbox-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { shardOf } from "./places.ts";
import { isHeldBack } from "./repairs.ts";
import type { Transaction } from "./transaction.ts";
import { keepWaiting, takeWaiting } from "./waiting.ts";

/** A sealed cell, whom it is for and by which way. */
export interface Outgoing {
  readonly account: ContactId;
  readonly deviceId: number;
  readonly lane: Lane;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
  readonly plaintext: Uint8Array;
  readonly hello?: Uint8Array;
  readonly message?: Pick<MessageRecord, "conversation" | "place">;
  readonly after?: number | null;
}

/** Puts a cell at the end of the outbox and gives its place. */
export function enqueue(tx: Transaction, cell: Outgoing): number {
  const shard = shardFor(tx, cell.account, cell.deviceId);
  const place = tx.nextOutboxPlace();
  const { account, lane, tag, body, plaintext, hello = null, message, after = null } = cell;
  const counted = message === undefined ? null : { conversation: message.conversation, place: message.place };
  tx.outbox.put({ place, ...shard, tag, body, account, lane, plaintext, message: counted, after, hello, conflicts: 0 });
  return place;
}

/**
 * Seals a plaintext on a session and enqueues it; the session's next state is part of the same transaction. Gives its place in the outbox, or
 * null when it has to wait until the session has begun.
 */
export function enqueueOnSession(
  tx: Transaction,
  { device }: Pick<SessionRecord, "device">,
  plaintext: Uint8Array,
  options: { message?: MessageRecord; after?: number | null } = {},
): number | null {
  const record = tx.sessions.get(device) as SessionRecord;
  if (mayWrite(tx, record)) return seal(tx, record, plaintext, options);
  keepWaiting(tx, record, plaintext, options.message);
  return null;
}

/** Whether something can be said on a session now. */
export function mayWrite(tx: Transaction, record: SessionRecord): boolean {
  return record.session.canSend(tx.now) && !isHeldBack(tx, record);
}

/** Takes the cells for an account out of the outbox, and keeps what they say until its sessions may be written to again. */
export function holdBack(tx: Transaction, account: ContactId): void {
  const cells = [...tx.outbox.values()].filter((cell) => cell.account === account).toSorted((a, b) => a.place - b.place);
  for (const cell of cells) keepForLater(tx, cell);
}

/** Takes a cell of a session out of the outbox, and keeps what it says for the next one. */
export function keepForLater(tx: Transaction, { place, lane, plaintext, message }: OutboxRecord): void {
  const record = lane.kind === "session" ? tx.sessions.get(lane.device) : undefined;
  if (record === undefined) return;
  tx.outbox.delete(String(place));
  keepWaiting(tx, record, plaintext, message ?? undefined);
}

/** The session with a device can be written to: what waited for it is enqueued. */
export function sessionBegan(tx: Transaction, device: string): void {
  const record = tx.sessions.get(device);
  if (record === undefined || !mayWrite(tx, record)) return;
  for (const { plaintext, message } of takeWaiting(tx, device)) {
    seal(tx, tx.sessions.get(device) as SessionRecord, plaintext, message === null ? {} : { message });
  }
}

function seal(
  tx: Transaction,
  record: SessionRecord,
  plaintext: Uint8Array,
  options: { message?: Pick<MessageRecord, "conversation" | "place">; after?: number | null },
): number {
  const { device, account, deviceId } = record;
  const { cell, session } = record.session.encrypt(tx.p, plaintext, tx.now);
  tx.sessions.put({ ...record, session });
  return enqueue(tx, { account, deviceId, lane: { kind: "session", device }, ...cell, plaintext, ...options });
}

/** A cell is on the board, or will never be needed there: the message that it carried is one step further. */
export async function settleCell(tx: Transaction, cell: OutboxRecord): Promise<void> {
  tx.outbox.delete(String(cell.place));
  if (cell.message !== null) await messageSettled(tx, cell.message);
}

/** One of the cells that a message's status waits for is on the board, or will never be needed there. */
export async function messageSettled(tx: Transaction, message: NonNullable<OutboxRecord["message"]>): Promise<void> {
  const record = await tx.messages.get(message.conversation, message.place);
  if (record?.progress.state !== "queued") return;
  const remaining = record.progress.remaining - 1;
  tx.messages.update({ ...record, progress: remaining > 0 ? { state: "queued", remaining } : { state: "sent", at: tx.now } });
}

/** Takes cells that have lost their purpose out of the outbox. */
export async function forgetCells(tx: Transaction, which: (cell: OutboxRecord) => boolean): Promise<void> {
  for (const cell of [...tx.outbox.values()].filter(which)) await settleCell(tx, cell);
}

/** A cell cannot be sent: its message failed. Cells to other devices still go, and a retry repeats the content id, so nobody sees it twice. */
export async function failCell(tx: Transaction, cell: OutboxRecord, code: ErrorCode): Promise<void> {
  tx.outbox.delete(String(cell.place));
  if (cell.message === null) return;
  const { conversation, place } = cell.message;
  const record = await tx.messages.get(conversation, place);
  if (record?.progress.state !== "queued") return;
  tx.messages.update({ ...record, progress: { state: "failed", code } });
  for (const other of [...tx.outbox.values()]) {
    if (other.message?.place === place) tx.outbox.put({ ...other, message: null });
  }
}

/** Own devices read what this device reads. */
function shardFor(tx: Transaction, account: ContactId, deviceId: number): Shard {
  const contact = tx.contacts.get(account);
  return contact === undefined ? WHOLE_BOARD : shardOf(contact.bundles[String(deviceId)]);
}
