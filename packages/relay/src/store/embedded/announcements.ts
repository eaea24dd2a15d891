// From a committed group to what readers of each shard are told: the new cells of a shard one after the other, with their cursors.

import { type AppendRecord, encodePinnedCells, type PinnedCell, type Shard, shardKey } from "@sotto/wire";
import type { Announcement } from "../store.ts";

/** One announcement per shard; records without a new cursor (positive number) are left out. */
export function announcementsOf(records: readonly AppendRecord[], cursors: Float64Array): Announcement[] {
  const shards = new Map<string, { shard: Shard; cells: PinnedCell[] }>();
  records.forEach(({ shard, tag, body }, i) => {
    const cursor = cursors[i] as number;
    if (cursor <= 0) return;
    const key = shardKey(shard);
    const cells = shards.get(key)?.cells ?? [];
    if (cells.length === 0) shards.set(key, { shard, cells });
    cells.push({ cursor, tag, body });
  });
  return [...shards.values()].map(({ shard, cells }) => ({
    shard,
    bytes: encodePinnedCells(cells),
    count: cells.length,
    last: cells.at(-1)?.cursor ?? 0,
  }));
}
