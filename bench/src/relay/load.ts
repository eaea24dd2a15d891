// Load for servers: random cells, posts on kept connections, a reader that counts.

import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import {
  type AppendRecord,
  BODY_BYTES,
  decodeLiveEvent,
  encodeLiveRequest,
  LIVE_PATH,
  MAX_CREDIT,
  TAG_BYTES,
  WHOLE_BOARD,
} from "@sotto/wire";

/** A cell like any other. */
export function randomCell(): AppendRecord {
  return { shard: WHOLE_BOARD, tag: randomBytes(TAG_BYTES), body: randomBytes(BODY_BYTES) };
}

/** Does `work` for 0 to `count - 1`, `width` at a time. */
export async function concurrently(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Posts bodies to one URL on kept connections. */
export class Poster {
  readonly #url: string;
  readonly #agent: Agent;

  constructor(url: string, connections: number) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Resolves with status 200, rejects with any other. */
  post(body: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: "POST", agent: this.#agent, headers: { "content-length": body.length } }, (answer) => {
        answer.resume();
        answer.on("end", () => (answer.statusCode === 200 ? resolve() : reject(new Error(`status ${answer.statusCode}`))));
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** A reader that grants credit for what it got and counts cells. */
export class CountingReader {
  readonly #socket: WebSocket;
  #count = 0;
  #wanted = Number.POSITIVE_INFINITY;
  #reached = (): void => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Resolves when the reader has everything that is pinned. */
  static async open(relayUrl: string): Promise<CountingReader> {
    const socket = new WebSocket(relayUrl.replace("http", "ws") + LIVE_PATH);
    socket.binaryType = "arraybuffer";
    const reader = new CountingReader(socket);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.addEventListener("error", () => reject(new Error("the reader could not connect")));
    socket.addEventListener("open", () => reader.#send({ t: "subscribe", id: 1, shard: WHOLE_BOARD, after: 0, credit: MAX_CREDIT }));
    socket.addEventListener("message", ({ data }) => {
      const event = decodeLiveEvent(new Uint8Array(data as ArrayBuffer));
      if (event.t === "live") resolve();
      if (event.t === "cells") reader.#got(event.cells.length);
    });
    await promise;
    return reader;
  }

  /** Resolves when `cells` more have come. */
  more(cells: number): Promise<void> {
    this.#wanted = this.#count + cells;
    return new Promise((resolve) => (this.#reached = resolve));
  }

  close(): void {
    this.#socket.close();
  }

  #got(cells: number): void {
    this.#count += cells;
    this.#send({ t: "credit", id: 1, cells });
    if (this.#count >= this.#wanted) this.#reached();
  }

  #send(frame: Parameters<typeof encodeLiveRequest>[0]): void {
    this.#socket.send(encodeLiveRequest(frame) as Uint8Array<ArrayBuffer>);
  }
}
