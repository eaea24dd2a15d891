// Every decoder of the contract with values to try it on: what round trips, and what hostile input is made from.

import fc from "fast-check";
import * as wire from "../src/index.ts";

/** A decoder, its encoder, and values. */
export interface Codec<T> {
  readonly name: string;
  readonly values: fc.Arbitrary<T>;
  readonly encode: (value: T) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => T;
}

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
/** Bodies are large and all alike to a decoder. */
const body = fc.nat(255).map((byte) => new Uint8Array(wire.BODY_BYTES).fill(byte));
const cursor = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const shard = fc.tuple(fc.integer({ min: 0, max: 64 }), bytes(8)).map(([bits, locator]) => wire.shardOf(bits, locator));
const subscription = fc.integer({ min: 0, max: wire.MAX_SUBSCRIPTION_ID });
const credit = fc.integer({ min: 0, max: wire.MAX_CREDIT });
const text = (max: number): fc.Arbitrary<string> =>
  fc.string({ maxLength: max, unit: "grapheme" }).map((value) => value.slice(0, max).toWellFormed());

/** Cells whose cursors grow. */
const pinned = (min: number, max: number): fc.Arbitrary<wire.PinnedCell[]> =>
  fc
    .tuple(fc.uniqueArray(cursor, { minLength: min, maxLength: max }), bytes(16), body)
    .map(([cursors, tag, content]) => cursors.toSorted((a, b) => a - b).map((each) => ({ cursor: each, tag, body: content })));

const failure = fc.record(
  { code: fc.constantFrom("relay/busy", "a/b", "new-thing/not-known-yet"), message: text(100), retryAfter: fc.nat() },
  { requiredKeys: ["code", "message"] },
);

const liveRequest: fc.Arbitrary<wire.LiveRequest> = fc.oneof(
  fc.record(
    { t: fc.constant("subscribe" as const), id: subscription, shard, after: cursor, credit },
    { requiredKeys: ["t", "id", "shard", "after"] },
  ),
  fc.record({ t: fc.constant("credit" as const), id: subscription, cells: credit }),
  fc.record({ t: fc.constant("unsubscribe" as const), id: subscription }),
  fc.constant({ t: "ping" as const }),
);

const liveEvent: fc.Arbitrary<wire.LiveEvent> = fc.oneof(
  fc.record({ t: fc.constant("subscribed" as const), id: subscription, board: bytes(16), head: cursor, expired: cursor }),
  fc.record({ t: fc.constant("cells" as const), id: subscription, cells: pinned(1, 3) }),
  fc.record({ t: fc.constant("live" as const), id: subscription }),
  failure.map((told) => ({ t: "error" as const, ...told })),
  fc.tuple(subscription, failure).map(([id, told]) => ({ t: "error" as const, id, ...told })),
  fc.constant({ t: "pong" as const }),
);

const info: fc.Arbitrary<wire.RelayInfo> = fc.record({
  protocol: fc.nat(),
  board: bytes(16),
  bits: fc.integer({ min: 0, max: 64 }),
  retentionMs: fc.nat(),
  blobRetentionMs: fc.nat(),
  segmentMs: fc.nat(),
  limits: fc.record({ appendRecords: fc.nat(), subscriptions: fc.nat(), blobBytes: fc.nat(), blobPartBytes: fc.nat() }),
  build: text(64),
});

/** All of them. */
export const codecs: readonly Codec<never>[] = [
  codec({
    name: "append request",
    values: fc.array(fc.record({ shard, tag: bytes(16), body }), { minLength: 1, maxLength: 3 }),
    encode: wire.encodeAppend,
    decode: wire.decodeAppend,
  }),
  codec({
    name: "append results",
    values: fc.array(fc.constantFrom<wire.AppendResult>("stored", "duplicate", "conflict"), { minLength: 2, maxLength: 2 }),
    encode: wire.encodeAppendResults,
    decode: (input) => wire.decodeAppendResults(input, 2),
  }),
  codec({ name: "pinned cells", values: pinned(0, 3), encode: wire.encodePinnedCells, decode: wire.decodePinnedCells }),
  codec({
    name: "pinned tags",
    values: pinned(0, 5).map((cells) => cells.map((cell) => ({ cursor: cell.cursor, tag: cell.tag }))),
    encode: wire.encodePinnedTags,
    decode: wire.decodePinnedTags,
  }),
  codec({ name: "live request", values: liveRequest, encode: wire.encodeLiveRequest, decode: wire.decodeLiveRequest }),
  codec({ name: "live event", values: liveEvent, encode: wire.encodeLiveEvent, decode: wire.decodeLiveEvent }),
  codec({ name: "info", values: info, encode: wire.encodeInfo, decode: wire.decodeInfo }),
  codec({
    name: "directory record",
    values: recordOf(fc.uint8Array({ maxLength: 120 })),
    encode: wire.encodeDirectoryRecord,
    decode: wire.decodeDirectoryRecord,
  }),
  codec({
    name: "directory answer",
    values: recordOf(fc.record({ list: fc.uint8Array({ maxLength: 120 }), taken: fc.nat(wire.MAX_ONE_TIME_PREKEYS - 1) })),
    encode: wire.encodeFoundRecord,
    decode: wire.decodeFoundRecord,
  }),
  codec({
    name: "handle claim",
    values: fc.record({ account: bytes(33), issued: cursor, signature: bytes(64) }),
    encode: wire.encodeHandleClaim,
    decode: wire.decodeHandleClaim,
  }),
  codec({ name: "handle answer", values: bytes(33), encode: wire.encodeHandleAnswer, decode: wire.decodeHandleAnswer }),
  codec({
    name: "blob state",
    values: fc
      .tuple(fc.nat(wire.MAX_BLOB_BYTES), fc.nat(wire.MAX_BLOB_BYTES))
      .map(([a, b]) => ({ received: Math.min(a, b), size: Math.max(a, b) })),
    encode: wire.encodeBlobState,
    decode: wire.decodeBlobState,
  }),
];

/** A directory record, `oneTime` beside some of its bundles. */
function recordOf<T>(oneTime: fc.Arbitrary<T>): fc.Arbitrary<{ list: Uint8Array; bundles: { bytes: Uint8Array; oneTime?: T }[] }> {
  const bundle = fc.record({ bytes: fc.uint8Array({ maxLength: 200 }), oneTime }, { requiredKeys: ["bytes"] });
  return fc.record({ list: fc.uint8Array({ maxLength: 300 }), bundles: fc.array(bundle, { maxLength: 4 }) });
}

function codec<T>(of: Codec<T>): Codec<never> {
  return of as unknown as Codec<never>;
}
