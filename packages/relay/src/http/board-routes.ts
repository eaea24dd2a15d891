// The board over HTTP: appending cells, reading closed segments, and what the relay says about itself.

import { Readable } from "node:stream";
import {
  APPEND_RECORD_BYTES,
  CELLS_MEDIA_TYPE,
  CELLS_PATH,
  decodeAppend,
  encodeAppendResults,
  encodeInfo,
  INFO_PATH,
  MAX_APPEND_RECORDS,
  MAX_BLOB_BYTES,
  MAX_BLOB_PART_BYTES,
  parseSegmentPath,
  PINNED_CELL_BYTES,
  PINNED_TAG_BYTES,
  type Shard,
  WIRE_PROTOCOL,
  WireError,
} from "@sotto/wire";
import type { Limits } from "../limits.ts";
import type { Metrics } from "../ops/metrics.ts";
import type { Rates } from "../rates/rates.ts";
import type { SegmentRange, Store } from "../store/store.ts";
import { type Answer, frameAnswer } from "./answer.ts";
import type { Bodies } from "./body.ts";
import type { Call, Route } from "./routes.ts";

/** Cells read at a time while a segment is sent: the memory of a segment reader. */
const CELLS_PER_READ = 128;

/** What these routes need. */
export interface BoardContext {
  readonly store: Store;
  readonly limits: Limits;
  readonly rates: Rates;
  readonly bodies: Bodies;
  readonly metrics: Metrics;
  readonly build: string;
}

export function boardRoutes(context: BoardContext): Route[] {
  return [
    { path: CELLS_PATH, methods: { POST: (call) => append(context, call) } },
    { path: INFO_PATH, methods: { GET: () => info(context) } },
    { path: "/v1/shards/:bits/:prefix/:segment", methods: { GET: (call) => segment(context, call) } },
  ];
}

async function append({ store, rates, bodies, metrics }: BoardContext, { request, address }: Call): Promise<Answer> {
  const records = decodeAppend(await bodies.read(request, MAX_APPEND_RECORDS * APPEND_RECORD_BYTES));
  rates.append(address, records);
  const results = await store.append(records);
  for (const result of results) metrics.add("sotto_cells_total", 1, { result });
  return frameAnswer(encodeAppendResults(results));
}

async function info({ store, limits, build }: BoardContext): Promise<Answer> {
  return frameAnswer(
    encodeInfo({
      protocol: WIRE_PROTOCOL,
      board: store.board,
      bits: 0,
      retentionMs: limits.retentionMs,
      blobRetentionMs: limits.blobRetentionMs,
      segmentMs: limits.segmentMs,
      limits: {
        appendRecords: MAX_APPEND_RECORDS,
        subscriptions: limits.subscriptionsPerSocket,
        blobBytes: MAX_BLOB_BYTES,
        blobPartBytes: MAX_BLOB_PART_BYTES,
      },
      build,
    }),
  );
}

async function segment({ store, limits, rates }: BoardContext, call: Call): Promise<Answer> {
  rates.read(call.address);
  const { bits = "", prefix = "", segment: number = "" } = call.params;
  if (call.query !== "" && call.query !== "tags") throw new WireError("request/not-found", "a segment has no other view than ?tags");
  const tags = call.query === "tags";
  const asked = parseSegmentPath(bits, prefix, number);
  const range = await store.segment(asked.shard, asked.segment);
  if (range === "open") {
    throw new WireError("segment/open", "this segment may still grow", { retryAfter: Math.ceil(limits.segmentMs / 1000) });
  }
  if (range === "expired") throw new WireError("segment/expired", "this segment's cells are gone");
  return {
    status: 200,
    headers: {
      "content-type": CELLS_MEDIA_TYPE,
      "content-length": `${range.count * (tags ? PINNED_TAG_BYTES : PINNED_CELL_BYTES)}`,
      "cache-control": `public, max-age=${Math.floor(limits.retentionMs / 1000)}, immutable`,
    },
    body: Readable.from(runsOf(store, asked.shard, range, tags)),
  };
}

async function* runsOf(store: Store, shard: Shard, range: SegmentRange, tags: boolean): AsyncGenerator<Uint8Array> {
  let after = range.after;
  for (let left = range.count; left > 0;) {
    const run = await store.read(shard, after, { limit: Math.min(left, CELLS_PER_READ), upTo: range.last, tags });
    // Expired while it was sent: the connection breaks rather than end early.
    if (run.count === 0) throw new WireError("segment/expired", "this segment's cells are gone");
    yield run.bytes;
    after = run.last;
    left -= run.count;
  }
}
