// Blobs over HTTP: resumable upload in parts, download in ranges (wire/blob.ts says how).

import {
  type BlobPart,
  CELLS_MEDIA_TYPE,
  decodeContentRange,
  encodeBlobState,
  MAX_BLOB_PART_BYTES,
  parseBlobPath,
  UPLOAD_COMPLETE_HEADER,
  UPLOAD_LENGTH_HEADER,
  UPLOAD_OFFSET_HEADER,
  WireError,
} from "@sotto/wire";
import type { BlobFiles } from "../blobs/blob-files.ts";
import type { Rates } from "../rates/rates.ts";
import { type Answer, frameAnswer } from "./answer.ts";
import { bytesOf, refuseEncoded } from "./body.ts";
import type { Call, Route } from "./routes.ts";

/** What these routes need. */
export interface BlobContext {
  readonly blobs: BlobFiles;
  readonly rates: Rates;
  readonly blobRetentionMs: number;
}

export function blobRoutes(context: BlobContext): Route[] {
  return [
    {
      path: "/v1/blobs/:id",
      methods: { PUT: (call) => put(context, call), HEAD: (call) => head(context, call), GET: (call) => get(context, call) },
    },
  ];
}

async function put({ blobs, rates }: BlobContext, { request, address, params }: Call): Promise<Answer> {
  const id = parseBlobPath(params["id"] ?? "");
  refuseEncoded(request);
  const length = Number(request.headers["content-length"] ?? Number.NaN);
  const range = request.headers["content-range"];
  const part = range === undefined ? wholeBlob(length) : decodeContentRange(range);
  const bytes = part.last - part.first + 1;
  if (bytes > MAX_BLOB_PART_BYTES) throw new WireError("blob/too-large", `a part of a blob has at most ${MAX_BLOB_PART_BYTES} bytes`);
  if (bytes !== length) throw new WireError("frame/invalid", "Content-Length is not the length of the part");
  rates.blobBytes(address, bytes);
  const state = await blobs.put(id, part, bytesOf(request));
  return frameAnswer(encodeBlobState(state), state.received === state.size ? 201 : 202);
}

async function head({ blobs, rates }: BlobContext, { address, params }: Call): Promise<Answer> {
  rates.read(address);
  const state = await blobs.state(parseBlobPath(params["id"] ?? ""));
  if (state === undefined) throw notFound();
  return {
    status: 200,
    headers: {
      [UPLOAD_OFFSET_HEADER]: `${state.received}`,
      [UPLOAD_LENGTH_HEADER]: `${state.size}`,
      [UPLOAD_COMPLETE_HEADER]: state.received === state.size ? "?1" : "?0",
      "cache-control": "no-store",
    },
  };
}

async function get({ blobs, rates, blobRetentionMs }: BlobContext, { request, address, params }: Call): Promise<Answer> {
  rates.read(address);
  const id = parseBlobPath(params["id"] ?? "");
  const state = await blobs.state(id);
  if (state === undefined || state.received < state.size) throw notFound();
  const range = request.headers.range === undefined ? undefined : parseRange(request.headers.range, state.size);
  const [first, last] = range ?? [0, state.size - 1];
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      "content-type": CELLS_MEDIA_TYPE,
      "content-length": `${last - first + 1}`,
      "accept-ranges": "bytes",
      "cache-control": `public, max-age=${Math.floor(blobRetentionMs / 1000)}, immutable`,
      ...(range && { "content-range": `bytes ${first}-${last}/${state.size}` }),
    },
    body: blobs.read(id, first, last),
  };
}

function wholeBlob(length: number): BlobPart {
  if (!(length > 0)) throw new WireError("frame/invalid", "a blob has at least one byte, and Content-Length says how many");
  return { first: 0, last: length - 1, size: length };
}

/** `bytes=first-last` or `bytes=first-`: other forms of RFC 9110 are not needed. */
function parseRange(text: string, size: number): [first: number, last: number] {
  const match = /^bytes=(\d{1,10})-(\d{1,10})?$/.exec(text);
  const first = Number(match?.[1] ?? Number.NaN);
  const last = Math.min(Number(match?.[2] ?? size - 1), size - 1);
  if (!(first <= last)) throw new WireError("blob/range", `a range of this blob lies within its ${size} bytes`);
  return [first, last];
}

function notFound(): WireError {
  return new WireError("blob/not-found", "there is no complete blob under this id");
}
