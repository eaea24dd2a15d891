// Cells that can be told apart and checked: cell n's tag holds n, its body is computed from n, so that a mixed-up or torn body is noticed.

import { createHash } from "node:crypto";
import { type AppendRecord, BODY_BYTES, readBe8, TAG_BYTES, WHOLE_BOARD, writeBe8 } from "@sotto/wire";

/** Cell number `n` of this run. */
export function numberedCell(run: number, n: number): AppendRecord {
  const tag = new Uint8Array(TAG_BYTES);
  // First, because cells under tags that begin alike are few per hour (a public address must not be flooded).
  writeBe8(tag, 0, n);
  writeBe8(tag, 8, run);
  return { shard: WHOLE_BOARD, tag, body: bodyOf(run, n) };
}

/** The number in a tag, or `undefined` if the body is not that number's. */
export function numberOf(run: number, cell: { readonly tag: Uint8Array; readonly body: Uint8Array }): number | undefined {
  const n = readBe8(cell.tag, 0);
  return Buffer.compare(cell.body, bodyOf(run, n)) === 0 ? n : undefined;
}

function bodyOf(run: number, n: number): Uint8Array {
  const block = createHash("sha512").update(`${run} ${n}`).digest();
  return new Uint8Array(Buffer.concat(Array.from({ length: BODY_BYTES / block.length }, () => block)));
}
