// Cells that relays have taken and that may be unread: when a relay is gone for good, or has lost its board, the identical bytes are pinned
// again, in their order, where their receivers read as well. Who has read them notices nothing. The newest few only, and none that was
// acknowledged. Takes what was stored; gives cells back to the outbox. Not a concern here: when a relay counts as gone (engine.ts).

import { BOARD_KEEPS_MS, MAX_KEPT_CELLS } from "../limits.ts";
import { keptKind, type KeptRecord } from "../records/kept-record.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import { receivingRelays } from "./receiving-relays.ts";
import type { Transaction } from "./transaction.ts";

/** A relay has a cell: it is kept if its receiver reads another one, too. */
export function keepCell(tx: Transaction, { bits, prefix, tag, body, account, lane, message }: OutboxRecord, relay: string): void {
  if (receivingRelays(tx, account).length < 2) return;
  const device = lane.kind === "session" ? lane.device : null;
  const kept = inOrder(tx);
  const order = (kept.at(-1)?.order ?? 0) + 1;
  for (const old of kept.slice(0, Math.max(0, kept.length + 1 - MAX_KEPT_CELLS))) drop(tx, old);
  tx.kept.put({ order, relay, at: tx.now, bits, prefix, tag, body, account, device, message: message?.place ?? null });
}

/** A device said that it has a message. */
export function forgetKept(tx: Transaction, device: string, message: number): void {
  for (const cell of [...tx.kept.values()]) if (cell.device === device && cell.message === message) drop(tx, cell);
}

/** What lies on a relay's board goes into the outbox again, for whoever `reads` elsewhere: that board is lost. */
export function pinAgain(tx: Transaction, relay: string, reads: (relays: readonly string[]) => boolean): void {
  for (const cell of inOrder(tx)) {
    const { bits, prefix, tag, body, account, at } = cell;
    if (cell.relay !== relay) continue;
    if (at + BOARD_KEEPS_MS > tx.now && !reads(receivingRelays(tx, account))) continue;
    drop(tx, cell);
    if (at + BOARD_KEEPS_MS <= tx.now) continue;
    const rest = { plaintext: new Uint8Array(), message: null, after: null, hello: null, conflicts: 0 };
    tx.outbox.put({ place: tx.nextOutboxPlace(), bits, prefix, tag, body, account, lane: { kind: "again" }, ...rest });
  }
}

function inOrder(tx: Transaction): KeptRecord[] {
  return [...tx.kept.values()].toSorted((a, b) => a.order - b.order);
}

function drop(tx: Transaction, cell: KeptRecord): void {
  tx.kept.delete(keptKind.key(cell));
}
