// The test relay's board and live socket as a relay of ill will: it can be away, be deaf, lie, break off, and lose what it had. For tests of the
// client's network side. Not a concern here: what an honest relay does (src/testing/relay).

import {
  type AppendResult,
  decodeAppend,
  decodeLiveRequest,
  encodeAppendResults,
  encodeFailure,
  encodeLiveEvent,
  type LiveEvent,
  type PinnedCell,
  WHOLE_BOARD,
  type WireError,
} from "@sotto/wire";
import type { Transport } from "../../src/api.ts";
import { Board } from "../../src/testing/relay/board.ts";
import { LiveReader } from "../../src/testing/relay/live-reader.ts";
import { TestSocket } from "../../src/testing/test-socket.ts";

/** What comes out of a socket: a frame of the contract, or what a relay may say instead. */
export type Said = LiveEvent | Uint8Array | string;

/** A relay at `http://fake.test`. */
export class FakeRelay {
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
  readonly sockets = new Set<TestSocket>();
  /** How many times somebody tried to connect. */
  connections = 0;
  #board = new Board(new Uint8Array(16).fill(1), () => 0);
  #filled = 0;

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
    webSocket: () => this.#connect() as unknown as WebSocket,
  };

  /** 16 bytes that name the board. */
  get board(): Uint8Array {
    return this.#board.id;
  }

  /** What is on it. */
  get cells(): readonly PinnedCell[] {
    return this.#board.after(WHOLE_BOARD, 0, Number.POSITIVE_INFINITY);
  }

  /** Cells up to this cursor are gone. */
  set expired(cursor: number) {
    this.#board.expired = cursor;
  }

  append(tag: Uint8Array, body: Uint8Array): AppendResult {
    return this.#board.append({ shard: WHOLE_BOARD, tag, body });
  }

  /** Pins `count` cells whose bodies say their number. */
  fill(count: number): void {
    for (let i = 0; i < count; i++) {
      const number = this.#filled++;
      const tag = new Uint8Array(16);
      new DataView(tag.buffer).setUint32(0, number);
      this.append(tag, new Uint8Array(4096).fill(number));
    }
  }

  /** Breaks every connection. */
  breakOff(): void {
    for (const socket of [...this.sockets]) socket.drop();
  }

  /** Loses the board. */
  reset(id: number): void {
    this.breakOff();
    this.#board = new Board(new Uint8Array(16).fill(id), () => 0);
  }

  /** Loses the cells above a cursor. */
  lose(above: number): void {
    this.#board.lose(WHOLE_BOARD, above);
  }

  /** An answer with an error. */
  static failure(error: WireError): Response {
    return new Response(encodeFailure(error) as Uint8Array<ArrayBuffer>, { status: error.status });
  }

  #connect(): TestSocket {
    this.connections++;
    let reader: LiveReader | undefined;
    const socket: TestSocket = new TestSocket({
      sent: (frame) => queueMicrotask(() => (this.deaf ? undefined : reader?.take(decodeLiveRequest(frame)))),
      closed: () => {
        this.sockets.delete(socket);
        reader?.close();
      },
    });
    queueMicrotask(() => {
      if (this.away) return socket.drop();
      this.sockets.add(socket);
      reader = new LiveReader(this.#board, (event) => this.#say(socket, event));
      socket.open();
    });
    return socket;
  }

  #say(socket: TestSocket, event: LiveEvent): void {
    const twisted = this.twist(event);
    const list: readonly Said[] = Array.isArray(twisted) ? (twisted as readonly Said[]) : [twisted as Said];
    for (const said of list) socket.deliver(typeof said === "string" || said instanceof Uint8Array ? said : encodeLiveEvent(said));
  }
}
