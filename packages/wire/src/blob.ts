// Blobs: write-once ciphertext under a 32-byte id, uploaded in parts that may be resumed, downloaded in ranges.
//   PUT  Content-Range: bytes first-last/total -> 202 (more is missing) or 201 (complete) with { received, size }; without it: the whole blob
//   HEAD -> Upload-Offset: bytes received, Upload-Length: total, Upload-Complete: ?1 or ?0
//   GET  Range: bytes=first-last -> 206
// Gives paths, header forms and answers. Not its concern: what is in a blob, and how it is padded (spec §7).

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import { fromBase64url, toBase64url } from "./layout.ts";
import { MAX_ANSWER_BYTES, MAX_BLOB_BYTES } from "./limits.ts";

/** Bytes of a blob's id. */
export const BLOB_ID_BYTES = 32;
/** Header of `HEAD`: bytes received so far. */
export const UPLOAD_OFFSET_HEADER = "upload-offset";
/** Header of `HEAD`: bytes of the whole blob. */
export const UPLOAD_LENGTH_HEADER = "upload-length";
/** Header of `HEAD`: `?1` if the blob is complete, `?0` if not. */
export const UPLOAD_COMPLETE_HEADER = "upload-complete";

/** How far an upload is: complete when `received` equals `size`. */
export interface BlobState {
  readonly received: number;
  readonly size: number;
}

/** A part of a blob, first and last byte inclusive. */
export interface BlobPart {
  readonly first: number;
  readonly last: number;
  readonly size: number;
}

/** Where a blob is (`PUT`, `HEAD`, `GET`). */
export function blobPath(id: Uint8Array): string {
  return `/v1/blobs/${toBase64url(id)}`;
}

/** The id in a path. Throws `frame/invalid`. */
export function parseBlobPath(segment: string): Uint8Array {
  return fromBase64url(segment, BLOB_ID_BYTES);
}

/** A `Content-Range` header. */
export function encodeContentRange(part: BlobPart): string {
  return `bytes ${part.first}-${part.last}/${part.size}`;
}

/** Reads a `Content-Range` header. Throws `frame/invalid`, `blob/too-large`. */
export function decodeContentRange(text: string): BlobPart {
  const match = /^bytes (\d{1,10})-(\d{1,10})\/(\d{1,10})$/.exec(text);
  const [first, last, size] = (match?.slice(1) ?? []).map(Number) as [number?, number?, number?];
  if (first === undefined || last === undefined || size === undefined || first > last || last >= size) {
    throw new WireError("frame/invalid", "a Content-Range has the form: bytes first-last/total");
  }
  if (size > MAX_BLOB_BYTES) throw new WireError("blob/too-large", `a blob has at most ${MAX_BLOB_BYTES} bytes`);
  return { first, last, size };
}

/** The answer to `PUT`. */
export function encodeBlobState(state: BlobState): Uint8Array {
  return encodeFrame({ received: state.received, size: state.size });
}

/** Reads the answer to `PUT`. Throws `frame/invalid`, `frame/too-large`. */
export function decodeBlobState(bytes: Uint8Array): BlobState {
  const fields = decodeFrame(bytes, MAX_ANSWER_BYTES, "the answer to an upload");
  const size = fields.uint("size", MAX_BLOB_BYTES);
  const state = { received: fields.uint("received", size), size };
  fields.end();
  return state;
}
