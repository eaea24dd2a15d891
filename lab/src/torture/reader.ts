// A reader as a client is one: keeps its cursor, and when the relay dies comes back with it. Notes every cell in the order of arrival.

import { setTimeout as sleep } from "node:timers/promises";
import { decodeLiveEvent, encodeLiveRequest, LIVE_PATH, type LiveEvent, type LiveRequest, type PinnedCell, WHOLE_BOARD } from "@sotto/wire";
import { numberOf } from "./numbered-cells.ts";
import type { ReceivedCell } from "./verdict.ts";

const PAUSE_MS = 25;
const CREDIT = 500;

/** Changes what a reader believes to have got, to see whether the verdict notices. */
export type Sabotage = (cells: readonly PinnedCell[], alreadyReceived: number) => readonly PinnedCell[];

/** A reader of the whole board. */
export class Reader {
  readonly received: ReceivedCell[] = [];
  readonly #url: () => string;
  readonly #run: number;
  readonly #sabotage: Sabotage;
  #cursor = 0;
  #board: string | undefined;

  constructor(url: () => string, run: number, sabotage: Sabotage = (cells) => cells) {
    this.#url = url;
    this.#run = run;
    this.#sabotage = sabotage;
  }

  /** Reads until `stop`; comes back after every loss of the connection. */
  async read(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#connection(stop, () => {});
      if (!stop.aborted) await sleep(PAUSE_MS);
    }
  }

  /** Reads everything that is pinned now. */
  async catchUp(): Promise<void> {
    const done = new AbortController();
    while (!done.signal.aborted) await this.#connection(done.signal, () => done.abort());
  }

  /** One connection, until it is lost or `stop`. Rejects if the relay breaks its contract. */
  async #connection(stop: AbortSignal, live: () => void): Promise<void> {
    const socket = new WebSocket(this.#url().replace("http", "ws") + LIVE_PATH);
    socket.binaryType = "arraybuffer";
    const { promise: over, resolve, reject } = Promise.withResolvers<void>();
    const send = (request: LiveRequest): void => socket.send(encodeLiveRequest(request) as Uint8Array<ArrayBuffer>);
    socket.addEventListener("open", () => {
      send({ t: "subscribe", id: 1, shard: WHOLE_BOARD, after: this.#cursor, credit: CREDIT });
    });
    socket.addEventListener("message", ({ data }) => {
      try {
        this.#event(decodeLiveEvent(new Uint8Array(data as ArrayBuffer)), send, live);
      } catch (error) {
        reject(error);
      }
    });
    // Every error is followed by `close`.
    socket.addEventListener("close", () => resolve());
    const close = (): void => socket.close();
    stop.addEventListener("abort", close, { once: true });
    try {
      if (stop.aborted) close();
      await over;
    } finally {
      stop.removeEventListener("abort", close);
      socket.close();
    }
  }

  #event(event: LiveEvent, send: (request: LiveRequest) => void, live: () => void): void {
    if (event.t === "subscribed") {
      const board = Buffer.from(event.board).toString("hex");
      if (this.#board !== undefined && this.#board !== board) throw new Error("the relay came back with another board");
      this.#board = board;
    } else if (event.t === "cells") {
      const cells = this.#sabotage(event.cells, this.received.length);
      for (const cell of cells) this.received.push({ cursor: cell.cursor, number: numberOf(this.#run, cell) });
      this.#cursor = event.cells.at(-1)?.cursor ?? this.#cursor;
      send({ t: "credit", id: 1, cells: event.cells.length });
    } else if (event.t === "live") {
      live();
    } else if (event.t === "error" && event.code !== "relay/stopping") {
      throw new Error(`the relay refused a reader: ${event.code}`);
    }
  }
}
