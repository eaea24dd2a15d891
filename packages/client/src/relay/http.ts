// One HTTP request to a relay: within a time limit, cancellable, its answer bounded. Takes a `Transport` and a clock; gives status,
// headers and body of a success, a `MessengerError` otherwise. Not a concern here: what is asked; trying again.

import type { Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { MAX_FAILURE_BYTES } from "../limits.ts";
import { failureOf } from "./relay-failure.ts";

/** What is asked. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT";
  /** Begins with `/`. */
  readonly path: string;
  readonly body?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** An answer that is longer is `relay/misbehaving`. */
  readonly maxBytes: number;
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of the body as it comes: what was received counts even if the rest does not. */
  readonly onPiece?: (piece: Uint8Array) => void;
}

/** A successful answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** How requests travel. */
export interface HttpRoute {
  /** `https://relay.example` */
  readonly base: string;
  readonly transport: Transport;
  readonly clock: Clock;
}

/**
 * Sends and waits. Fails with `relay/unreachable` (no answer, or none in time), `relay/rate-limited`, `relay/busy`, `relay/rejected`,
 * `relay/upgrade-required`, `relay/misbehaving`, `aborted`.
 */
export async function sendRequest(route: HttpRoute, request: HttpRequest): Promise<HttpAnswer> {
  const cancelled = (): boolean => request.signal?.aborted ?? false;
  if (cancelled()) throw new MessengerError("aborted", {});
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  request.signal?.addEventListener("abort", abort, { once: true });
  const cancelTimeout = route.clock.after(request.timeoutMs, abort);
  try {
    const response = await route.transport.fetch(`${route.base}${request.path}`, init(request, stop.signal));
    const bound = response.ok ? request.maxBytes : MAX_FAILURE_BYTES;
    const body = await readBody(response, bound, response.ok ? request.onPiece : undefined);
    if (!response.ok) throw failureOf(response.status, response.headers, body);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    if (cancelled()) throw new MessengerError("aborted", {});
    if (error instanceof MessengerError) throw error;
    throw new MessengerError("relay/unreachable", { relay: route.base }, { cause: error });
  } finally {
    cancelTimeout();
    request.signal?.removeEventListener("abort", abort);
    // Frees the connection of an answer that was not read to its end.
    stop.abort();
  }
}

function init(request: HttpRequest, signal: AbortSignal): RequestInit {
  return {
    method: request.method,
    headers: { ...request.headers },
    ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> }),
    signal,
    // Nothing but the request itself tells the relay who asks, and an answer is the relay's own or none.
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
    cache: "no-store",
  };
}

async function readBody(response: Response, maxBytes: number, onPiece: ((piece: Uint8Array) => void) | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    const { value } = read;
    length += value.length;
    if (length > maxBytes) throw new MessengerError("relay/misbehaving", { what: `an answer of more than ${maxBytes} bytes` });
    onPiece?.(value);
    pieces.push(value);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    body.set(piece, offset);
    offset += piece.length;
  }
  return body;
}
