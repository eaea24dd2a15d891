// A relay in memory for tests of the client: the board, its live socket and nothing else, over the contract's own encodings. It can be
// told to be away, to lie, and to break off. Not a concern here: durability, limits; the real relay has tests of its own.

import {
  type AppendResult,
  decodeAppend,
  decodeLiveRequest,
  encodeAppendResults,
  encodeFailure,
  encodeLiveEvent,
  type LiveEvent,
  type PinnedCell,
  type WireError,
} from "@sotto/wire";
import type { Transport } from "../../src/api.ts";

/** What comes out of a socket: a frame of the contract, or what a relay may say instead. */
export type Said = LiveEvent | Uint8Array | string;

/** A relay at `http://fake.test`. */
export class FakeRelay {
  board = new Uint8Array(16).fill(1);
  cells: PinnedCell[] = [];
  expired = 0;
  /** Nothing answers. */
  away = false;
  /** Sockets open and say nothing. */
  deaf = false;
  /** Changes what the relay says. */
  twist: (event: LiveEvent) => Said | readonly Said[] = (event) => event;
  /** What an append is answered before it is looked at. */
  refuseAppend: (() => Response | undefined) | undefined;
  /** The answer to an append is lost, after it was done. */
  loseAnswers = 0;
  readonly sockets = new Set<FakeSocket>();
  /** How many times somebody tried to connect. */
  connections = 0;
  readonly #byTag = new Map<string, PinnedCell>();

  readonly url = "http://fake.test";
  readonly transport: Transport = {
    fetch: async (_, init) => {
      await Promise.resolve();
      if (this.away) throw new TypeError("fetch failed");
      init.signal?.throwIfAborted();
      const refused = this.refuseAppend?.();
      if (refused !== undefined) return refused;
      const results = decodeAppend(init.body as Uint8Array).map(({ tag, body }) => this.append(tag, body));
      if (this.loseAnswers-- > 0) throw new TypeError("connection reset");
      return new Response(encodeAppendResults(results) as Uint8Array<ArrayBuffer>);
    },
    webSocket: () => new FakeSocket(this) as unknown as WebSocket,
  };

  append(tag: Uint8Array, body: Uint8Array): AppendResult {
    const known = this.#byTag.get(tag.join());
    if (known !== undefined) return known.body.every((byte, i) => byte === body[i]) ? "duplicate" : "conflict";
    const cell = { cursor: (this.cells.at(-1)?.cursor ?? this.expired) + 1, tag: tag.slice(), body: body.slice() };
    this.cells.push(cell);
    this.#byTag.set(tag.join(), cell);
    for (const socket of this.sockets) socket.flow();
    return "stored";
  }

  /** Pins `count` cells whose bodies say their number. */
  fill(count: number): void {
    for (let i = 0; i < count; i++) {
      const number = this.cells.length;
      const tag = new Uint8Array(16);
      new DataView(tag.buffer).setUint32(0, number);
      this.append(tag, new Uint8Array(4096).fill(number));
    }
  }

  /** Breaks every connection. */
  breakOff(): void {
    for (const socket of this.sockets) socket.drop();
  }

  /** Loses the board. */
  reset(id: number): void {
    this.breakOff();
    this.board = new Uint8Array(16).fill(id);
    this.cells = [];
    this.#byTag.clear();
  }

  /** The cells from a cursor on, at most `count`. Their cursors have no gaps. */
  from(cursor: number, count: number): readonly PinnedCell[] {
    const start = Math.max(0, cursor - (this.cells[0]?.cursor ?? 0));
    return this.cells.slice(start, start + count);
  }

  /** An answer with an error. */
  static failure(error: WireError): Response {
    return new Response(encodeFailure(error) as Uint8Array<ArrayBuffer>, { status: error.status });
  }
}

/** One socket, with as much of the interface as the client uses. */
class FakeSocket extends EventTarget {
  binaryType = "blob";
  readyState = 0;
  readonly #relay: FakeRelay;
  #subscription: { id: number; next: number; credit: number; head: number; live: boolean } | undefined;

  constructor(relay: FakeRelay) {
    super();
    this.#relay = relay;
    relay.connections++;
    queueMicrotask(() => {
      if (this.readyState !== 0) return;
      if (relay.away) return this.drop();
      this.readyState = 1;
      relay.sockets.add(this);
      this.dispatchEvent(new Event("open"));
    });
  }

  send(bytes: Uint8Array): void {
    const request = decodeLiveRequest(bytes.slice());
    if (this.#relay.deaf) return;
    queueMicrotask(() => {
      switch (request.t) {
        case "subscribe": {
          const head = this.#relay.cells.at(-1)?.cursor ?? this.#relay.expired;
          this.#subscription = { id: request.id, next: request.after + 1, credit: request.credit ?? 0, head, live: false };
          if (request.after > head) {
            return this.#say({ t: "error", id: request.id, code: "live/cursor-ahead", message: "this cursor is not of this board" });
          }
          this.#say({ t: "subscribed", id: request.id, board: this.#relay.board, head, expired: this.#relay.expired });
          return this.flow();
        }
        case "credit":
          if (this.#subscription !== undefined) this.#subscription.credit += request.cells;
          return this.flow();
        case "ping":
          return this.#say({ t: "pong" });
        default:
          return undefined;
      }
    });
  }

  /** Sends what there is and may be sent, a few cells a frame. */
  flow(): void {
    const subscription = this.#subscription;
    if (subscription === undefined) return;
    while (this.readyState === 1) {
      const ready = this.#relay.from(subscription.next, Math.min(subscription.credit, 10));
      const last = ready.at(-1);
      if (last !== undefined) {
        subscription.next = last.cursor + 1;
        subscription.credit -= ready.length;
        this.#say({ t: "cells", id: subscription.id, cells: ready });
      }
      if (!subscription.live && subscription.next > subscription.head) {
        subscription.live = true;
        this.#say({ t: "live", id: subscription.id });
      }
      if (last === undefined) return;
    }
  }

  #say(event: LiveEvent): void {
    const twisted = this.#relay.twist(event);
    const list: readonly Said[] = Array.isArray(twisted) ? (twisted as readonly Said[]) : [twisted as Said];
    for (const said of list) {
      if (this.readyState !== 1) return;
      const data = typeof said === "string" ? said : (said instanceof Uint8Array ? said : encodeLiveEvent(said)).slice().buffer;
      this.dispatchEvent(new MessageEvent("message", { data }));
    }
  }

  close(): void {
    if (this.readyState >= 2) return;
    this.readyState = 2;
    this.#relay.sockets.delete(this);
    queueMicrotask(() => this.drop());
  }

  /** The connection is gone. */
  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#relay.sockets.delete(this);
    this.dispatchEvent(new Event("close"));
  }
}
