// The board of the test relay: cells under one-time tags, shard by shard, each with its cursor, for two weeks. Takes append records; gives
// results, runs of cells and a call for each new one. Held to the real relay by test/relay/relay-contract.test.ts. Not a concern here: sockets, requests.

import { equalBytes } from "@sotto/protocol";
import { type AppendRecord, type AppendResult, type PinnedCell, type PinnedTag, type Shard, shardKey, toHex } from "@sotto/wire";

/** How long the board keeps a cell, ms: what a relay does that was told nothing else. */
export const RETENTION_MS = 14 * 24 * 60 * 60 * 1000;
/** Length of a segment, ms: the same. */
export const SEGMENT_MS = 15 * 60 * 1000;

interface KeptCell extends PinnedCell {
  readonly pinned: number;
}

interface KeptShard {
  cells: KeptCell[];
  readonly byTag: Map<string, KeptCell>;
}

/** A board in memory. */
export class Board {
  /** 16 bytes that name it. */
  id: Uint8Array;
  /** Cells up to this cursor may be gone. */
  expired = 0;
  readonly #now: () => number;
  readonly #shards = new Map<string, KeptShard>();
  readonly #watchers = new Set<() => void>();
  #newest = 0;

  /** @param now the moment, ms since 1970: what is older than two weeks by it is gone */
  constructor(id: Uint8Array, now: () => number) {
    this.id = id;
    this.#now = now;
  }

  /** The moment by which it keeps cells, ms since 1970. */
  get now(): number {
    return this.#now();
  }

  /** Pins a cell; a tag is taken once. */
  append({ shard, tag, body }: AppendRecord): AppendResult {
    const { cells, byTag } = this.#shard(shard);
    const key = toHex(tag);
    const held = byTag.get(key);
    if (held !== undefined) return equalBytes(held.body, body) ? "duplicate" : "conflict";
    this.#newest = Math.max(this.#newest, this.expired) + 1;
    const cell = { cursor: this.#newest, tag: tag.slice(), body: body.slice(), pinned: this.#now() };
    cells.push(cell);
    byTag.set(key, cell);
    for (const watcher of [...this.#watchers]) watcher();
    return "stored";
  }

  /** The newest cursor of a shard; 0 when nothing is there. */
  head(shard: Shard): number {
    return this.#shard(shard).cells.at(-1)?.cursor ?? 0;
  }

  /** The cells of a shard above a cursor, oldest first, at most `limit`. */
  after(shard: Shard, cursor: number, limit: number): readonly PinnedCell[] {
    const { cells } = this.#shard(shard);
    // Readers are nearly always at the end.
    let first = cells.length;
    while (first > 0 && (cells[first - 1] as KeptCell).cursor > cursor) first--;
    return cells.slice(first, first + limit);
  }

  /** The tags of a shard's cells that were pinned in [from, until), ms. */
  tags(shard: Shard, from: number, until: number): readonly PinnedTag[] {
    return this.#shard(shard).cells.filter(({ pinned }) => pinned >= from && pinned < until);
  }

  /** Calls after each new cell until the function returned is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Loses its newest cells, as no honest relay does: those above a cursor of a shard. */
  lose(shard: Shard, above: number): void {
    const kept = this.#shard(shard);
    for (const { cursor, tag } of kept.cells) if (cursor > above) kept.byTag.delete(toHex(tag));
    kept.cells = kept.cells.filter(({ cursor }) => cursor <= above);
  }

  #shard(shard: Shard): KeptShard {
    const key = shardKey(shard);
    const kept = this.#shards.get(key) ?? { cells: [], byTag: new Map<string, KeptCell>() };
    this.#shards.set(key, kept);
    const oldest = this.#now() - RETENTION_MS;
    while (kept.cells[0] !== undefined && kept.cells[0].pinned < oldest) {
      const { tag, cursor } = kept.cells.shift() as KeptCell;
      kept.byTag.delete(toHex(tag));
      this.expired = Math.max(this.expired, cursor);
    }
    return kept;
  }
}
