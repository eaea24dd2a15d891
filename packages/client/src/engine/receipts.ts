// Receipts owed: collected as messages arrive, sent along with the next message to their author, or alone after a random 10 to 20 minutes,
// so that the board does not show who answers whom (spec §7). Not a concern here: receipts that arrive.

import { type Content, MAX_RECEIPT_IDS } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MAX_RIDING_RECEIPTS, RECEIPT_DELAY_MS } from "../limits.ts";
import { newContent, reachable, tell } from "./notices.ts";
import { randomBetween } from "./randomness.ts";
import type { Transaction } from "./transaction.ts";

/** Remembers that a message arrived and its author has not been told. Beyond what one receipt holds, the oldest are given up. */
export function oweReceipt(tx: Transaction, account: ContactId, id: Uint8Array): void {
  const owed = tx.receipts.get(account);
  const delivered = [...(owed?.delivered ?? []), id].slice(-MAX_RECEIPT_IDS);
  tx.receipts.put({ account, delivered, due: owed?.due ?? tx.now + randomBetween(tx, RECEIPT_DELAY_MS) });
}

/** Takes what rides along with a message to that person. */
export function takeReceipts(tx: Transaction, account: ContactId): Content[] {
  const owed = tx.receipts.get(account);
  if (owed === undefined) return [];
  const riding = owed.delivered.slice(0, MAX_RIDING_RECEIPTS);
  const rest = owed.delivered.slice(MAX_RIDING_RECEIPTS);
  if (rest.length === 0) tx.receipts.delete(account);
  else tx.receipts.put({ ...owed, delivered: rest });
  return [newContent(tx, "receipt", { delivered: riding, read: [] })];
}

/** Sends the receipts whose time has come. */
export function sendDueReceipts(tx: Transaction): void {
  for (const { account, delivered, due } of [...tx.receipts.values()]) {
    if (due > tx.now) continue;
    tx.receipts.delete(account);
    const contact = tx.contacts.get(account);
    if (contact?.phase === "open") tell(tx, reachable(tx, contact), [newContent(tx, "receipt", { delivered, read: [] })]);
  }
}
