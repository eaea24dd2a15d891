// Cells on their way to the board and on the board. Append record = bits (1) || prefix (8) || tag (16) || body (4096).
// Pinned cell = cursor BE8 || tag (16) || body (4096); pinned tag = cursor BE8 || tag (16).
// Not its concern: what is in a body.

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import { readBe8, writeBe8 } from "./layout.ts";
import {
  APPEND_RECORD_BYTES,
  BODY_BYTES,
  MAX_APPEND_RECORDS,
  MAX_ANSWER_BYTES,
  PINNED_CELL_BYTES,
  PINNED_TAG_BYTES,
  PREFIX_BYTES,
  TAG_BYTES,
} from "./limits.ts";
import { parseShard, type Shard } from "./shard.ts";

/** Where cells are appended (`POST`). */
export const CELLS_PATH = "/v1/cells";
/** Media type of append requests and of segments: the fixed layouts of this file. */
export const CELLS_MEDIA_TYPE = "application/octet-stream";
/** Media type of every frame and answer that is CBOR. */
export const FRAME_MEDIA_TYPE = "application/cbor";

/** One cell to be pinned in a shard. */
export interface AppendRecord {
  readonly shard: Shard;
  /** 16 bytes. */
  readonly tag: Uint8Array;
  /** 4096 bytes. */
  readonly body: Uint8Array;
}

/** A cell on the board. Cursors grow; the order of cursors is the order for every reader. */
export interface PinnedCell {
  readonly cursor: number;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
}

/** A cell on the board without its body. */
export type PinnedTag = Omit<PinnedCell, "body">;

/** `stored`: on disk now. `duplicate`: these bytes were there already, as good as stored. `conflict`: the tag holds other bytes. */
export type AppendResult = "stored" | "duplicate" | "conflict";

/** The body of an append request. */
export function encodeAppend(records: readonly AppendRecord[]): Uint8Array {
  const bytes = new Uint8Array(records.length * APPEND_RECORD_BYTES);
  records.forEach((record, i) => {
    expectLength(record.tag, TAG_BYTES, "a tag");
    expectLength(record.body, BODY_BYTES, "a body");
    const offset = i * APPEND_RECORD_BYTES;
    const { bits, prefix } = parseShard(record.shard.bits, record.shard.prefix);
    bytes[offset] = bits;
    bytes.set(prefix, offset + 1);
    bytes.set(record.tag, offset + 1 + PREFIX_BYTES);
    bytes.set(record.body, offset + 1 + PREFIX_BYTES + TAG_BYTES);
  });
  return bytes;
}

/** The 1 to 256 records of an append request; their tags and bodies are views of `bytes`. Throws `frame/invalid`, `frame/too-large`. */
export function decodeAppend(bytes: Uint8Array): AppendRecord[] {
  const count = wholeNumber(bytes, APPEND_RECORD_BYTES, "an append request");
  if (count === 0) throw new WireError("frame/invalid", "an append request holds no cell");
  if (count > MAX_APPEND_RECORDS) throw new WireError("frame/too-large", `an append request holds at most ${MAX_APPEND_RECORDS} cells`);
  return Array.from({ length: count }, (_, i) => {
    const record = bytes.subarray(i * APPEND_RECORD_BYTES, (i + 1) * APPEND_RECORD_BYTES);
    return {
      shard: parseShard(record[0] as number, record.subarray(1, 1 + PREFIX_BYTES)),
      tag: record.subarray(1 + PREFIX_BYTES, 1 + PREFIX_BYTES + TAG_BYTES),
      body: record.subarray(1 + PREFIX_BYTES + TAG_BYTES),
    };
  });
}

/** The answer to an append request: one result per record, in order. */
export function encodeAppendResults(results: readonly AppendResult[]): Uint8Array {
  return encodeFrame({ results });
}

/** Reads the answer to an append request of `count` records. Throws `frame/invalid`, `frame/too-large`. */
export function decodeAppendResults(bytes: Uint8Array, count: number): AppendResult[] {
  const fields = decodeFrame(bytes, MAX_ANSWER_BYTES, "the answer to an append");
  const results = fields.array("results", MAX_APPEND_RECORDS).map((value): AppendResult => {
    if (value === "stored" || value === "duplicate" || value === "conflict") return value;
    throw fields.invalid("results", "holds what is no result");
  });
  fields.end();
  if (results.length !== count) throw new WireError("frame/invalid", "the answer to an append has another number of results");
  return results;
}

/** Pinned cells one after the other, as in live frames and segments. */
export function encodePinnedCells(cells: readonly PinnedCell[]): Uint8Array {
  const bytes = new Uint8Array(cells.length * PINNED_CELL_BYTES);
  cells.forEach((cell, i) => {
    expectLength(cell.tag, TAG_BYTES, "a tag");
    expectLength(cell.body, BODY_BYTES, "a body");
    writeBe8(bytes, i * PINNED_CELL_BYTES, cell.cursor);
    bytes.set(cell.tag, i * PINNED_CELL_BYTES + 8);
    bytes.set(cell.body, i * PINNED_CELL_BYTES + 8 + TAG_BYTES);
  });
  return bytes;
}

/** Pinned cells as views of `bytes`; cursors must grow. Throws `frame/invalid`. */
export function decodePinnedCells(bytes: Uint8Array): PinnedCell[] {
  return decodePinned(bytes, PINNED_CELL_BYTES, (cursor, start) => ({
    cursor,
    tag: bytes.subarray(start, start + TAG_BYTES),
    body: bytes.subarray(start + TAG_BYTES, start + TAG_BYTES + BODY_BYTES),
  }));
}

/** Pinned tags one after the other, as in `…/{segment}?tags`. */
export function encodePinnedTags(tags: readonly PinnedTag[]): Uint8Array {
  const bytes = new Uint8Array(tags.length * PINNED_TAG_BYTES);
  tags.forEach((pinned, i) => {
    expectLength(pinned.tag, TAG_BYTES, "a tag");
    writeBe8(bytes, i * PINNED_TAG_BYTES, pinned.cursor);
    bytes.set(pinned.tag, i * PINNED_TAG_BYTES + 8);
  });
  return bytes;
}

/** Pinned tags as views of `bytes`; cursors must grow. Throws `frame/invalid`. */
export function decodePinnedTags(bytes: Uint8Array): PinnedTag[] {
  return decodePinned(bytes, PINNED_TAG_BYTES, (cursor, start) => ({ cursor, tag: bytes.subarray(start, start + TAG_BYTES) }));
}

/** Records of `size` bytes that begin with a cursor; `read` makes what begins behind it. */
function decodePinned<T>(bytes: Uint8Array, size: number, read: (cursor: number, start: number) => T): T[] {
  const count = wholeNumber(bytes, size, "a run of cells");
  let previous = -1;
  return Array.from({ length: count }, (_, i) => {
    const cursor = readBe8(bytes, i * size);
    if (cursor <= previous) throw new WireError("frame/invalid", "the cursors of a run of cells do not grow");
    previous = cursor;
    return read(cursor, i * size + 8);
  });
}

function wholeNumber(bytes: Uint8Array, size: number, what: string): number {
  if (bytes.length % size !== 0) throw new WireError("frame/invalid", `${what} is not a whole number of records of ${size} bytes`);
  return bytes.length / size;
}

function expectLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new WireError("frame/invalid", `${what} has ${length} bytes`);
}
