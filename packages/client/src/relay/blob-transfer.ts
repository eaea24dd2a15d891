// Blobs up and down, in parts, going on where a broken connection stopped. Takes a route and a 32-byte id; gives the whole blob or an
// error. Not a concern here: what is in a blob.

import {
  blobPath,
  decodeBlobState,
  encodeContentRange,
  MAX_ANSWER_BYTES,
  MAX_BLOB_BYTES,
  MAX_BLOB_PART_BYTES,
  UPLOAD_COMPLETE_HEADER,
  UPLOAD_OFFSET_HEADER,
} from "@sotto/wire";
import { sleep } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { BLOB_ATTEMPTS, BLOB_PART_MS } from "../limits.ts";
import { type HttpRoute, sendRequest } from "./http.ts";
import { honest } from "./honest.ts";

/** Uploads `bytes` under `id`. The same bytes again succeed; other bytes there are `relay/rejected` with code `blob/conflict`. */
export async function uploadBlob(route: HttpRoute, id: Uint8Array, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const size = bytes.length;
  if (size === 0 || size > MAX_BLOB_BYTES) {
    throw new MessengerError("argument/invalid", { reason: `a blob has 1 to ${MAX_BLOB_BYTES} bytes` });
  }
  const path = blobPath(id);
  let received = 0;
  await persistently(route, signal, async (repeated) => {
    const before = received;
    if (repeated) received = await uploadOffset(route, path, size, signal);
    while (received < size) {
      const part = bytes.subarray(received, Math.min(received + MAX_BLOB_PART_BYTES, size));
      const range = encodeContentRange({ first: received, last: received + part.length - 1, size });
      const headers = { "content-range": range };
      const answer = await sendRequest(route, {
        method: "PUT",
        path,
        body: part,
        headers,
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs: BLOB_PART_MS,
        signal,
      }).catch((error: unknown) => {
        throw received > before ? new Interrupted(error) : error;
      });
      const state = honest(() => decodeBlobState(answer.body));
      if (state.size !== size || state.received <= received) {
        throw new MessengerError("relay/misbehaving", { what: "an upload that it took does not grow" });
      }
      received = state.received;
    }
  });
}

/** Downloads the blob `id`; `undefined` when there is none. More than `maxBytes` is `relay/misbehaving`. */
export async function downloadBlob(
  route: HttpRoute,
  id: Uint8Array,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  const path = blobPath(id);
  const pieces: Uint8Array[] = [];
  let received = 0;
  const found = await persistently(route, signal, async () => {
    const before = received;
    const onPiece = (piece: Uint8Array): void => {
      pieces.push(piece);
      received += piece.length;
    };
    const headers: Record<string, string> = before === 0 ? {} : { range: `bytes=${before}-` };
    try {
      const answer = await sendRequest(route, {
        method: "GET",
        path,
        headers,
        maxBytes: maxBytes - before,
        timeoutMs: BLOB_PART_MS,
        signal,
        onPiece,
      });
      if (before > 0 && answer.status !== 206)
        throw new MessengerError("relay/misbehaving", { what: "it sent a whole blob instead of the rest" });
      return true;
    } catch (error) {
      if (MessengerError.is(error, "relay/rejected") && error.details.code === "blob/not-found") return false;
      throw received > before ? new Interrupted(error) : error;
    }
  });
  if (!found) return undefined;
  const blob = new Uint8Array(received);
  let offset = 0;
  for (const piece of pieces) {
    blob.set(piece, offset);
    offset += piece.length;
  }
  return blob;
}

/** Whether the relay has all of the blob `id`. */
export async function blobIsThere(route: HttpRoute, id: Uint8Array, signal?: AbortSignal): Promise<boolean> {
  const headers = await persistently(route, signal, async () => await blobHead(route, blobPath(id), signal));
  return headers?.get(UPLOAD_COMPLETE_HEADER) === "?1";
}

/** How much the relay holds of an upload. */
async function uploadOffset(route: HttpRoute, path: string, size: number, signal: AbortSignal | undefined): Promise<number> {
  const headers = await blobHead(route, path, signal);
  if (headers === undefined) return 0;
  const offset = Number(headers.get(UPLOAD_OFFSET_HEADER) ?? Number.NaN);
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= size) return offset;
  throw new MessengerError("relay/misbehaving", { what: "it does not say how much of an upload it holds" });
}

/** What a relay says of a blob; `undefined` when it has never heard of it. */
async function blobHead(route: HttpRoute, path: string, signal: AbortSignal | undefined): Promise<Headers | undefined> {
  try {
    return (await sendRequest(route, { method: "HEAD", path, maxBytes: 0, timeoutMs: BLOB_PART_MS, signal })).headers;
  } catch (error) {
    // An answer to HEAD has no body, so no code: a relay that has never heard of the blob says 404.
    if (MessengerError.is(error, "relay/rejected") && error.details.status === 404) return undefined;
    throw error;
  }
}

/** An attempt that failed after it had brought something new. */
class Interrupted extends Error {
  constructor(cause: unknown) {
    super("interrupted", { cause });
  }
}

/** Runs `attempt` until it succeeds, fails for good, or fails too often without bringing anything new. */
async function persistently<T>(route: HttpRoute, signal: AbortSignal | undefined, attempt: (repeated: boolean) => Promise<T>): Promise<T> {
  for (let idle = 0, repeated = false; ; repeated = true) {
    try {
      return await attempt(repeated);
    } catch (error) {
      const reason = error instanceof Interrupted ? error.cause : error;
      idle = error instanceof Interrupted ? 0 : idle + 1;
      const displaced = MessengerError.is(reason, "relay/rejected") && reason.details.code === "blob/offset";
      const asked = MessengerError.is(reason, "relay/busy", "relay/rate-limited") ? reason.details.retryAfter : undefined;
      const worthIt = displaced || asked !== undefined || MessengerError.is(reason, "relay/unreachable");
      if (!worthIt || idle >= BLOB_ATTEMPTS.most) throw reason;
      await sleep(route.clock, asked ?? BLOB_ATTEMPTS.pauseMs, signal);
    }
  }
}
