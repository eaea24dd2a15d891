// What the test relay answers to a request: the paths of the contract, in memory. Takes method, path, headers and body; gives a `Response`;
// what is wrong with a request is answered as a relay does, never thrown. Left out are bodies of segments, which clients do not read, and rates:
// a test is never too fast. Not a concern here: networks, live sockets.

import {
  type BlobPart,
  CELLS_MEDIA_TYPE,
  CELLS_PATH,
  decodeAppend,
  decodeContentRange,
  decodeDirectoryRecord,
  decodeHandleClaim,
  encodeAppendResults,
  encodeBlobState,
  encodeFailure,
  encodeFoundRecord,
  encodeFrame,
  encodeHandleAnswer,
  encodeInfo,
  encodePinnedTags,
  FRAME_MEDIA_TYPE,
  INFO_PATH,
  MAX_APPEND_RECORDS,
  MAX_BLOB_BYTES,
  MAX_BLOB_PART_BYTES,
  parseBlobPath,
  parseDirectoryPath,
  parseHandle,
  parseSegmentPath,
  type Shard,
  UPLOAD_COMPLETE_HEADER,
  UPLOAD_LENGTH_HEADER,
  UPLOAD_OFFSET_HEADER,
  WIRE_PROTOCOL,
  WireError,
} from "@sotto/wire";
import type { Blobs } from "./blobs.ts";
import { type Board, RETENTION_MS, SEGMENT_MS } from "./board.ts";
import type { Directory } from "./directory.ts";

/** A request as it arrives. */
export interface RelayRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** What answers. */
export interface RelayParts {
  readonly board: Board;
  readonly directory: Directory;
  readonly blobs: Blobs;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The answer to a request. */
export function answer(relay: RelayParts, request: RelayRequest): Response {
  try {
    return routed(relay, request);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return framed(encodeFailure(error), error.status);
  }
}

function routed(relay: RelayParts, request: RelayRequest): Response {
  const [path = "", query = ""] = request.path.split("?");
  if (path === INFO_PATH) return byMethod(request, { GET: () => framed(info(relay)) });
  if (path === CELLS_PATH) return byMethod(request, { POST: () => append(relay, request) });
  const [, version, kind, name = "", ...rest] = path.split("/");
  if (version === "v1" && rest.length === 0) {
    if (kind === "directory") return directory(relay, request, parseDirectoryPath(name), query);
    if (kind === "handles") return handles(relay, request, parseHandle(name));
    if (kind === "blobs") return blobs(relay, request, parseBlobPath(name));
  }
  if (version === "v1" && kind === "shards" && rest.length === 2) {
    const asked = parseSegmentPath(name, rest[0] as string, rest[1] as string);
    return byMethod(request, { GET: () => segment(relay, asked, query) });
  }
  throw new WireError("request/not-found", "there is nothing under this path");
}

function segment({ board }: RelayParts, asked: { shard: Shard; segment: number }, query: string): Response {
  if (query !== "tags") throw new WireError("request/not-found", "a segment in memory has no other view than ?tags");
  const [from, until] = [asked.segment * SEGMENT_MS, (asked.segment + 1) * SEGMENT_MS];
  if (until > board.now) throw new WireError("segment/open", "this segment may still grow", { retryAfter: SEGMENT_MS / 1000 });
  if (until <= board.now - RETENTION_MS) throw new WireError("segment/expired", "this segment's cells are gone");
  const tags = encodePinnedTags(board.tags(asked.shard, from, until));
  return new Response(tags as Uint8Array<ArrayBuffer>, { headers: { "content-type": CELLS_MEDIA_TYPE } });
}

function byMethod(request: RelayRequest, methods: Readonly<Record<string, () => Response>>): Response {
  const handler = methods[request.method];
  if (handler === undefined) throw new WireError("request/method", `this path knows ${Object.keys(methods).join(", ")}`);
  return handler();
}

function append({ board }: RelayParts, { body }: RelayRequest): Response {
  return framed(encodeAppendResults(decodeAppend(body).map((record) => board.append(record))));
}

function info({ board }: RelayParts): Uint8Array {
  return encodeInfo({
    protocol: WIRE_PROTOCOL,
    board: board.id,
    bits: 0,
    retentionMs: RETENTION_MS,
    blobRetentionMs: 90 * DAY_MS,
    segmentMs: SEGMENT_MS,
    limits: { appendRecords: MAX_APPEND_RECORDS, subscriptions: 16, blobBytes: MAX_BLOB_BYTES, blobPartBytes: MAX_BLOB_PART_BYTES },
    build: "test",
  });
}

function directory(relay: RelayParts, request: RelayRequest, account: Uint8Array, query: string): Response {
  return byMethod(request, {
    GET: () => {
      if (query !== "" && query !== "peek") throw new WireError("request/not-found", "a record has no other view than ?peek");
      return framed(encodeFoundRecord(relay.directory.get(account, { take: query !== "peek" })));
    },
    PUT: () => {
      relay.directory.put(account, decodeDirectoryRecord(request.body));
      return framed(encodeFrame({}));
    },
  });
}

function handles(relay: RelayParts, request: RelayRequest, handle: string): Response {
  return byMethod(request, {
    GET: () => framed(encodeHandleAnswer(relay.directory.handle(handle))),
    PUT: () => {
      relay.directory.putHandle(handle, decodeHandleClaim(request.body));
      return framed(encodeFrame({}));
    },
  });
}

function blobs({ blobs: kept }: RelayParts, request: RelayRequest, id: Uint8Array): Response {
  const { headers, body } = request;
  return byMethod(request, {
    PUT: () => {
      const part = partOf(headers.get("content-range"), body.length);
      const state = kept.put(id, part, body);
      return framed(encodeBlobState(state), state.received === state.size ? 201 : 202);
    },
    HEAD: () => {
      const { received, size } = kept.state(id);
      const upload = {
        [UPLOAD_OFFSET_HEADER]: `${received}`,
        [UPLOAD_LENGTH_HEADER]: `${size}`,
        [UPLOAD_COMPLETE_HEADER]: received === size ? "?1" : "?0",
      };
      return new Response(null, { headers: upload });
    },
    GET: () => range(kept.get(id), headers.get("range")),
  });
}

function partOf(header: string | null, length: number): BlobPart {
  if (header === null && length === 0)
    throw new WireError("frame/invalid", "a blob has at least one byte, and Content-Length says how many");
  const part = header === null ? { first: 0, last: length - 1, size: length } : decodeContentRange(header);
  const bytes = part.last - part.first + 1;
  if (bytes > MAX_BLOB_PART_BYTES) throw new WireError("blob/too-large", `a part of a blob has at most ${MAX_BLOB_PART_BYTES} bytes`);
  if (bytes !== length) throw new WireError("frame/invalid", "Content-Length is not the length of the part");
  return part;
}

function range(blob: Uint8Array, header: string | null): Response {
  const headers = { "content-type": CELLS_MEDIA_TYPE, "accept-ranges": "bytes" };
  if (header === null) return new Response(blob.slice(), { headers });
  const match = /^bytes=(\d{1,10})-(\d{1,10})?$/.exec(header);
  const first = Number(match?.[1] ?? Number.NaN);
  const last = Math.min(Number(match?.[2] ?? blob.length - 1), blob.length - 1);
  if (!(first <= last)) throw new WireError("blob/range", `a range of this blob lies within its ${blob.length} bytes`);
  const told = { ...headers, "content-range": `bytes ${first}-${last}/${blob.length}` };
  return new Response(blob.slice(first, last + 1), { status: 206, headers: told });
}

function framed(frame: Uint8Array, status = 200): Response {
  return new Response(frame as Uint8Array<ArrayBuffer>, { status, headers: { "content-type": FRAME_MEDIA_TYPE } });
}
