// Segments: the cells of a shard that were pinned in one stretch of the relay's time. A closed segment never changes, so any cache may keep it.
// Gives numbers and paths; the bytes of a segment are pinned cells (or pinned tags) one after the other.

import { WireError } from "./errors.ts";
import { parseShardPath, type Shard, shardKey } from "./shard.ts";

/** The number of the segment that `nowMs` lies in. */
export function segmentAt(nowMs: number, segmentMs: number): number {
  return Math.floor(nowMs / segmentMs);
}

/** Where a segment is read (`GET`); with `tags` without the bodies. */
export function segmentPath(shard: Shard, segment: number, options: { readonly tags?: boolean } = {}): string {
  return `/v1/shards/${shardKey(shard)}/${segment}${options.tags === true ? "?tags" : ""}`;
}

/** The shard and number in the last three segments of a path. Throws `frame/invalid`. */
export function parseSegmentPath(bits: string, prefix: string, segment: string): { shard: Shard; segment: number } {
  if (!/^(0|[1-9]\d{0,14})$/.test(segment)) throw new WireError("frame/invalid", "a segment's number is an unsigned integer");
  return { shard: parseShardPath(bits, prefix), segment: Number(segment) };
}
