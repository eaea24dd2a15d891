// What a handler answers, and how it goes onto the wire. Failures become CBOR { code, message, retryAfter? } with the status of their code.

import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodeFailure, FRAME_MEDIA_TYPE, WireError } from "@sotto/wire";

/** A handler's answer. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a stream whose length `headers` tells. */
  readonly body?: Uint8Array | Readable;
}

/** An answer of CBOR that no cache keeps. */
export function frameAnswer(frame: Uint8Array, status = 200): Answer {
  return { status, headers: { "content-type": FRAME_MEDIA_TYPE, "cache-control": "no-store" }, body: frame };
}

/** The answer that tells a failure. What is no WireError is a bug of ours: nothing of it is told. */
export function failureAnswer(error: unknown): Answer {
  const failure = error instanceof WireError ? error : new WireError("relay/internal", "the relay failed on this request");
  const answer = frameAnswer(encodeFailure(failure), failure.status);
  return failure.retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, "retry-after": `${failure.retryAfter}` } };
}

/** Writes the answer; without a body for HEAD. A stream that fails breaks the connection, so that nobody takes the part for the whole. */
export async function writeAnswer(response: ServerResponse, answer: Answer, head: boolean): Promise<void> {
  const { body, status, headers = {} } = answer;
  response.writeHead(status, body instanceof Uint8Array ? { "content-length": `${body.length}`, ...headers } : headers);
  if (body instanceof Readable) {
    if (head) body.destroy();
    else return pipeline(body, response).catch(() => void response.destroy());
  }
  response.end(head || body === undefined ? undefined : body);
}
