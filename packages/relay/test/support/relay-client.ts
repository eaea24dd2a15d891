// What tests need of a client: requests whose failures come back as their codes, and a live socket whose frames can be awaited.

import {
  type AppendRecord,
  type AppendResult,
  CELLS_PATH,
  decodeAppendResults,
  decodeFailure,
  decodeLiveEvent,
  encodeAppend,
  encodeLiveRequest,
  type LiveEvent,
  type LiveRequest,
  LIVE_PATH,
  type PinnedCell,
  WHOLE_BOARD,
} from "@sotto/wire";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { type Relay, type RelayOptions, startRelay } from "../../src/index.ts";
import { temporaryDirectory } from "./temporary.ts";

/** A relay on a free port with a directory of its own, stopped when the running test has finished. */
export async function testRelay(options: Partial<RelayOptions> = {}): Promise<Relay> {
  const relay = await startRelay({ dataDir: temporaryDirectory(), port: 0, ...options });
  onTestFinished(() => relay.stop());
  return relay;
}

/** An answer, its body read; `code` is the failure's, if it is one. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;
}

/** Sends a request. */
export async function ask(relay: Relay, path: string, init: RequestInit = {}): Promise<TestAnswer> {
  const response = await fetch(relay.url + path, init);
  const body = new Uint8Array(await response.arrayBuffer());
  const isFailure = response.status >= 400 && body.length > 0;
  const failure = isFailure ? decodeFailure(body) : undefined;
  return { status: response.status, headers: response.headers, body, code: failure?.code, retryAfter: failure?.retryAfter };
}

/** Appends cells in one request. Throws the failure's code. */
export async function append(relay: Relay, records: readonly AppendRecord[]): Promise<AppendResult[]> {
  const answer = await ask(relay, CELLS_PATH, { method: "POST", body: encodeAppend(records) as Uint8Array<ArrayBuffer> });
  if (answer.code !== undefined) throw new Error(answer.code);
  return decodeAppendResults(answer.body, records.length);
}

/** A live socket. */
export class TestReader {
  readonly socket: WebSocket;
  readonly events: LiveEvent[] = [];
  /** Close code and reason, once closed. */
  closed: { code: number; reason: string } | undefined;
  readonly #waiting = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      this.events.push(decodeLiveEvent(new Uint8Array(data)));
      this.#changed();
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: `${reason}` };
      this.#changed();
    });
    socket.on("error", () => {});
  }

  static async open(relay: Relay): Promise<TestReader> {
    const reader = new TestReader(new WebSocket(relay.url.replace("http", "ws") + LIVE_PATH));
    onTestFinished(() => reader.socket.terminate());
    await new Promise((resolve, reject) => {
      reader.socket.once("open", resolve);
      reader.socket.once("error", reject);
    });
    return reader;
  }

  send(request: LiveRequest): void {
    this.socket.send(encodeLiveRequest(request));
  }

  /** Subscribes to the whole board with id 1. */
  subscribe(options: { readonly id?: number; readonly after?: number; readonly credit?: number } = {}): void {
    this.send({ t: "subscribe", id: options.id ?? 1, shard: WHOLE_BOARD, after: options.after ?? 0, credit: options.credit ?? 1000 });
  }

  /** Cells of a subscription, in the order of their arrival. */
  cells(id = 1): PinnedCell[] {
    return this.events.flatMap((event) => (event.t === "cells" && event.id === id ? event.cells : []));
  }

  /** Resolves once `condition` holds; the test's own timeout bounds it. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** The next event of this type that was not asked for before. */
  async event<T extends LiveEvent["t"]>(t: T): Promise<LiveEvent & { t: T }> {
    await this.until(() => this.events.some((event) => event.t === t));
    return this.events.find((event): event is LiveEvent & { t: T } => event.t === t) as LiveEvent & { t: T };
  }

  /** A ping and its answer: whatever was sent before has been handled. */
  async settled(): Promise<void> {
    const pongs = (): number => this.events.filter((event) => event.t === "pong").length;
    const before = pongs();
    this.send({ t: "ping" });
    await this.until(() => pongs() > before);
  }

  #changed(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
