// Receipts: which contents of the other side have arrived and which were read. They ride along with the next message or are sent in batches
// (spec §7), so that the board does not show who answers whom.

import { CONTENT_ID_LENGTH, MAX_RECEIPT_IDS } from "../limits.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

/** Content ids of the one who gets the receipt; at most 200 in all. */
export interface ReceiptBody {
  readonly delivered: readonly Uint8Array[];
  readonly read: readonly Uint8Array[];
}

/** Receipts: exact ids, at most 200. */
export const receiptCodec: BodyCodec<ReceiptBody> = {
  encode({ delivered, read }) {
    const count = delivered.length + read.length;
    if (count > MAX_RECEIPT_IDS) throw unacceptable(`a receipt names at most ${MAX_RECEIPT_IDS} contents`);
    if ([...delivered, ...read].some((id) => id.length !== CONTENT_ID_LENGTH)) throw unacceptable("a content id has 16 bytes");
    return { delivered, read };
  },
  decode(fields) {
    const delivered = fields.byteStrings("delivered", MAX_RECEIPT_IDS, CONTENT_ID_LENGTH, true);
    const read = fields.byteStrings("read", MAX_RECEIPT_IDS - delivered.length, CONTENT_ID_LENGTH, true);
    return { delivered, read };
  },
};
