// Cells of tests: number n has a tag and a body that can be told from all others and known again.

import { type AppendRecord, BODY_BYTES, type Shard, WHOLE_BOARD, writeBe8 } from "@sotto/wire";

/** Cell number `n`; `variant` gives another body under the same tag. */
export function testCell(n: number, options: { readonly shard?: Shard; readonly variant?: number } = {}): AppendRecord {
  const tag = new Uint8Array(16);
  // The number comes first, so that tags do not begin alike (that is rate limited).
  writeBe8(tag, 0, n);
  tag.fill(0xa5, 8);
  const body = new Uint8Array(BODY_BYTES).fill(options.variant ?? 0);
  writeBe8(body, 0, n);
  return { shard: options.shard ?? WHOLE_BOARD, tag, body };
}

/** Cells `from` to `from + count - 1`. */
export function testCells(from: number, count: number, options: { readonly shard?: Shard } = {}): AppendRecord[] {
  return Array.from({ length: count }, (_, i) => testCell(from + i, options));
}

/** The number of a tag that `testCell` made. */
export function numberOf(tag: Uint8Array): number {
  return Number(Buffer.from(tag.subarray(0, 8)).readBigUInt64BE());
}
