// Receipts owed to a person, as stored: ids of messages that arrived and whose author was not told yet.

import type { ContactId } from "../api.ts";
import { plainKind } from "../engine/table.ts";

/** What one person has not been told yet. */
export interface ReceiptRecord {
  readonly account: ContactId;
  /** Content ids, 16 bytes each, oldest first. */
  readonly delivered: readonly Uint8Array[];
  /** When they are sent even if nothing else is, ms. */
  readonly due: number;
}

export const receiptKind = plainKind<ReceiptRecord>("receipts", (record) => record.account);
