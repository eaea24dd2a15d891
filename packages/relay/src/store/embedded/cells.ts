// Cells in the embedded store's file: pinning a batch in one transaction, reading runs, closing segments, expiring.
// Runs in the store's worker. Not its concern: who waits for what (embedded-store.ts), directory records (records.ts).

import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  APPEND_RECORD_BYTES,
  BODY_BYTES,
  PINNED_CELL_BYTES,
  PINNED_TAG_BYTES,
  PREFIX_BYTES,
  segmentAt,
  TAG_BYTES,
  writeBe8,
} from "@sotto/wire";
import type { CellRun, ReadOptions, SegmentRange, ShardState } from "../store.ts";
import { pragma } from "./schema.ts";

/** bits (1) || prefix (8): a shard as a key. */
const SHARD_BYTES = 1 + PREFIX_BYTES;
/** Cells that one step of expiry removes: some 10 ms of the worker's time, between which appends go on. */
const EXPIRE_STEP = 2000;
/** Pages that one step of giving back moves: as long. */
const VACUUM_STEP = 2000;

/** Result of one record: its new cursor, or why it has none. */
export const DUPLICATE = 0;
export const CONFLICT = -1;

/** The board's tables. */
export class CellTable {
  readonly #db: DatabaseSync;
  readonly #times: { readonly retentionMs: number; readonly segmentMs: number };
  readonly #insert: StatementSync;
  readonly #body: StatementSync;
  readonly #head: StatementSync;
  #openSegment: number;

  constructor(db: DatabaseSync, times: { readonly retentionMs: number; readonly segmentMs: number }) {
    this.#db = db;
    this.#times = times;
    this.#insert = db.prepare("INSERT INTO cells (shard, tag, body) VALUES (?, ?, ?) ON CONFLICT (shard, tag) DO NOTHING");
    this.#body = db.prepare("SELECT body FROM cells WHERE shard = ? AND tag = ?");
    this.#head = db.prepare("SELECT max(cursor) AS head FROM cells WHERE shard = ?");
    this.#openSegment = this.#number("SELECT max(segment) AS n FROM segments") ?? -1;
  }

  /** Pins append records one after the other. All of them are on disk, or (if this throws) none. Gives a cursor, DUPLICATE or CONFLICT of each. */
  append(records: Uint8Array, now: number): Float64Array {
    const count = records.length / APPEND_RECORD_BYTES;
    const results = new Float64Array(count);
    const openSegment = this.#openSegment;
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      this.#enterSegment(segmentAt(now, this.#times.segmentMs));
      for (let i = 0; i < count; i++) results[i] = this.#pin(records.subarray(i * APPEND_RECORD_BYTES, (i + 1) * APPEND_RECORD_BYTES));
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#openSegment = openSegment;
      rollBack(this.#db);
      throw error;
    }
    return results;
  }

  read(shard: Uint8Array, after: number, options: ReadOptions): CellRun {
    const size = options.tags === true ? PINNED_TAG_BYTES : PINNED_CELL_BYTES;
    const columns = options.tags === true ? "cursor, tag" : "cursor, tag, body";
    const rows = this.#db
      .prepare(`SELECT ${columns} FROM cells WHERE shard = ? AND cursor > ? AND cursor <= ? ORDER BY cursor LIMIT ?`)
      .all(shard, after, options.upTo ?? Number.MAX_SAFE_INTEGER, options.limit);
    const bytes = new Uint8Array(rows.length * size);
    let last = 0;
    rows.forEach((row, i) => {
      last = row["cursor"] as number;
      writeBe8(bytes, i * size, last);
      bytes.set(row["tag"] as Uint8Array, i * size + 8);
      if (options.tags !== true) bytes.set(row["body"] as Uint8Array, i * size + 8 + TAG_BYTES);
    });
    return { bytes, count: rows.length, last };
  }

  state(shard: Uint8Array): ShardState {
    return { head: (this.#head.get(shard)?.["head"] as number | null) ?? 0, expired: this.#expired() };
  }

  segment(shard: Uint8Array, segment: number, now: number): SegmentRange | "open" | "expired" {
    if (segment >= segmentAt(now, this.#times.segmentMs)) return "open";
    if (segment < this.#firstKept(now)) return "expired";
    // From here on this segment is somebody's immutable file: the next one begins, even if the clock is set back.
    if (segment >= this.#openSegment) this.#enterSegment(segment + 1);
    const first = this.#number("SELECT first AS n FROM segments WHERE segment = ?", segment);
    if (first === undefined) return { after: 0, last: 0, count: 0 };
    const next = this.#number("SELECT min(first) AS n FROM segments WHERE segment > ?", segment) as number;
    const count = this.#number("SELECT count(*) AS n FROM cells WHERE shard = ? AND cursor >= ? AND cursor < ?", shard, first, next) ?? 0;
    return { after: first - 1, last: next - 1, count };
  }

  expire(now: number): { removed: number; more: boolean } {
    const kept = this.#firstKept(now);
    const limit = (this.#number("SELECT min(first) AS n FROM segments WHERE segment >= ?", kept) ?? this.#nextCursor()) - 1;
    const oldest = this.#number("SELECT min(cursor) AS n FROM cells");
    if (oldest === undefined || oldest > limit) {
      this.#db.prepare("DELETE FROM segments WHERE segment < ?").run(kept);
      return { removed: 0, more: this.#giveBack() };
    }
    const last = Math.min(limit, oldest + EXPIRE_STEP - 1);
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const { changes } = this.#db.prepare("DELETE FROM cells WHERE cursor <= ?").run(last);
      this.#db.prepare("UPDATE meta SET value = ? WHERE name = 'expired'").run(last);
      this.#db.exec("COMMIT");
      return { removed: Number(changes), more: true };
    } catch (error) {
      rollBack(this.#db);
      throw error;
    }
  }

  #pin(record: Uint8Array): number {
    const shard = record.subarray(0, SHARD_BYTES);
    const tag = record.subarray(SHARD_BYTES, SHARD_BYTES + TAG_BYTES);
    const body = record.subarray(SHARD_BYTES + TAG_BYTES);
    const { changes, lastInsertRowid } = this.#insert.run(shard, tag, body);
    if (changes === 1) return Number(lastInsertRowid);
    const held = this.#body.get(shard, tag)?.["body"] as Uint8Array;
    return Buffer.compare(held, body) === 0 && body.length === BODY_BYTES ? DUPLICATE : CONFLICT;
  }

  /** Cells are pinned in `segment` from now on, unless a later one was entered already. */
  #enterSegment(segment: number): void {
    if (segment <= this.#openSegment) return;
    this.#db.prepare("INSERT INTO segments (segment, first) VALUES (?, ?)").run(segment, this.#nextCursor());
    this.#openSegment = segment;
  }

  /** The oldest segment of which something must be kept. */
  #firstKept(now: number): number {
    return segmentAt(now - this.#times.retentionMs, this.#times.segmentMs);
  }

  /** Shrinks the file by a step while more than a quarter of it is free: less than that the next cells fill. */
  #giveBack(): boolean {
    const free = pragma(this.#db, "freelist_count");
    const pages = pragma(this.#db, "page_count");
    if (free <= Math.max(64, pages / 4)) return false;
    this.#db.exec(`PRAGMA incremental_vacuum(${VACUUM_STEP})`);
    const more = free > VACUUM_STEP;
    if (!more) this.#db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return more;
  }

  #expired(): number {
    return this.#number("SELECT value AS n FROM meta WHERE name = 'expired'") as number;
  }

  #nextCursor(): number {
    return (this.#number("SELECT seq AS n FROM sqlite_sequence WHERE name = 'cells'") ?? 0) + 1;
  }

  #number(sql: string, ...values: (number | Uint8Array)[]): number | undefined {
    return (this.#db.prepare(sql).get(...values)?.["n"] as number | null) ?? undefined;
  }
}

/** Ends a failed transaction; SQLite may have ended it itself. */
export function rollBack(db: DatabaseSync): void {
  if (db.isTransaction) db.exec("ROLLBACK");
}
