// What follows when a relay has answered for a cell: stored, its tag taken by other bytes, or refused for good. Takes the cell as it was sent;
// changes the transaction. Not a concern here: asking relays (outbox.ts).

import type { DeviceList } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { MAX_CONFLICTS } from "../limits.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import { suspectClone } from "./clones.ts";
import { contactRefused } from "./contact-phases.ts";
import { introduceAgain } from "./introductions.ts";
import { failCell, keepForLater, mayWrite, settleCell } from "./outbound.ts";
import { keepCell } from "./kept-cells.ts";
import { laneIsFull } from "./repair.ts";
import { sessionsWith } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** The cell as it is in the outbox now; `undefined` when it is not there any more, or not with these bytes. */
export function cellInOutbox(tx: Pick<Transaction, "outbox">, sent: OutboxRecord): OutboxRecord | undefined {
  const cell = tx.outbox.get(String(sent.place));
  return cell !== undefined && cell.tag === sent.tag ? cell : undefined;
}

/** A relay holds the cell. */
export async function cellStored(tx: Transaction, cell: OutboxRecord, relay: string): Promise<void> {
  keepCell(tx, cell, relay);
  await settleCell(tx, cell);
}

/** Other bytes hold the tag: the same content goes under the next one, unless there is none left. */
export async function cellConflicted(tx: Transaction, cell: OutboxRecord): Promise<void> {
  const { lane } = cell;
  if (lane.kind === "again") return await settleCell(tx, cell);
  if (lane.kind === "session") return await sealAgain(tx, cell, lane.device);
  const to = recipient(tx, cell.account);
  const next = to === undefined ? undefined : introduceAgain(tx, to, cell, lane);
  if (next !== undefined) tx.outbox.put(next);
  // A meeting ends here: the relay is asked once more with the same bytes, which it may hold although it said otherwise.
  else if (lane.kind === "claim" && cell.conflicts === 0) tx.outbox.put({ ...cell, conflicts: 1 });
  else if (lane.kind === "claim") {
    await settleCell(tx, cell);
    await contactRefused(tx, cell.account);
    tx.happened({ type: "error", error: new MessengerError("invite/used", {}) });
  } else if (lane.kind === "restart") {
    tx.outbox.delete(String(cell.place));
    const session = sessionsWith(tx, cell.account).find(({ deviceId }) => deviceId === lane.deviceId);
    if (session !== undefined) laneIsFull(tx, session);
  } else await giveUp(tx, cell);
}

/** The relay will never take the cell. */
export async function cellRejected(tx: Transaction, cell: OutboxRecord, error: MessengerError): Promise<void> {
  await failCell(tx, cell, "send/failed");
  tx.happened({ type: "error", error });
}

async function sealAgain(tx: Transaction, cell: OutboxRecord, device: string): Promise<void> {
  const record = tx.sessions.get(device);
  if (record === undefined) return await settleCell(tx, cell);
  if (!mayWrite(tx, record)) return keepForLater(tx, cell);
  const conflicts = cell.conflicts + 1;
  if (conflicts >= MAX_CONFLICTS) return suspectClone(tx, record, "taken");
  const { session, cell: sealed } = record.session.encrypt(tx.p, cell.plaintext, tx.now);
  tx.sessions.put({ ...record, session });
  tx.outbox.put({ ...cell, ...sealed, conflicts });
}

async function giveUp(tx: Transaction, cell: OutboxRecord): Promise<void> {
  await failCell(tx, cell, "session/peer-or-clone");
  tx.happened({ type: "error", error: new MessengerError("session/peer-or-clone", {}) });
}

function recipient(tx: Transaction, account: ContactId): DeviceList | undefined {
  return account === (tx.self.id as string) ? tx.self.list : tx.contacts.get(account)?.list;
}
