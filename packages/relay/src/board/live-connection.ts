// One live socket: reads a reader's requests, keeps its subscriptions, sends frames. A socket that is full stops its subscriptions until it has
// drained; one that stays full, falls silent, or talks nonsense is closed with a reason.
// Not its concern: which cells are sent (subscription.ts), who may connect (live-server.ts).

import { decodeLiveRequest, encodeLiveEvent, type LiveEvent, type LiveRequest, WireError, type WireErrorCode } from "@sotto/wire";
import type { RawData, WebSocket } from "ws";
import type { Limits } from "../limits.ts";
import type { Store } from "../store/store.ts";
import type { CellFrames } from "./cell-frames.ts";
import type { Hub } from "./hub.ts";
import type { CellSink, Subscription } from "./subscription.ts";

/** WebSocket close codes (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;
const POLICY = 1008;
const TRY_LATER = 1013;

/** What a live socket needs of its surroundings. */
export interface LiveContext {
  readonly store: Store;
  readonly hub: Hub;
  readonly limits: Limits;
  readonly now: () => number;
  /** Whether one more frame of this socket's reader is within its rate. */
  readonly mayRead: () => boolean;
  readonly frames: CellFrames;
  /** Told the bytes of cells that go out. */
  readonly sent: (bytes: number) => void;
  /** Told why the relay ends the socket. */
  readonly ended: (reason: WireErrorCode) => void;
}

/** A live socket. */
export class LiveConnection implements CellSink {
  readonly #socket: WebSocket;
  readonly #context: LiveContext;
  readonly #subscriptions = new Map<number, Subscription>();
  #heardAt: number;
  /** Since when more bytes wait in the socket than may; undefined: they do not. */
  #fullSince: number | undefined;
  #closing = false;

  constructor(socket: WebSocket, context: LiveContext) {
    this.#socket = socket;
    this.#context = context;
    this.#heardAt = context.now();
    socket.on("message", (data: RawData, isBinary: boolean) => this.#message(data as Buffer, isBinary));
    // ws answers pings itself, and ends a socket on which 60 answers wait: a flood of them fills no memory.
    for (const sign of ["ping", "pong"] as const) socket.on(sign, () => (this.#heardAt = context.now()));
    // ws reports here what is no WebSocket traffic, and closes the socket itself.
    socket.on("error", () => this.#forget());
    socket.on("close", () => this.#forget());
  }

  get writable(): boolean {
    return this.#fullSince === undefined && !this.#closing;
  }

  cells(id: number, run: Uint8Array): void {
    this.#send(this.#context.frames.of(id, run));
    this.#context.sent(run.length);
  }

  live(id: number): void {
    this.#event({ t: "live", id });
  }

  /** Called every `heartbeatMs`: asks for a sign of life, ends what is dead or too slow. */
  beat(): void {
    const { limits, now } = this.#context;
    if (now() - this.#heardAt > 3 * limits.heartbeatMs) {
      this.#context.ended("live/silent");
      return this.#socket.terminate();
    }
    if (this.#fullSince !== undefined && now() - this.#fullSince > limits.slowReaderMs) {
      this.end(new WireError("live/too-slow", "the reader granted credit and did not read: connect again", { retryAfter: 5 }));
      // Its buffer is full: the reason will hardly arrive, and the bytes must go.
      return this.#socket.terminate();
    }
    this.#socket.ping();
  }

  /** Tells the reader why, and closes. */
  end(reason: WireError): void {
    if (this.#closing) return;
    this.#context.ended(reason.code);
    this.#event({ t: "error", ...failureOf(reason) });
    this.#closing = true;
    this.#forget();
    this.#socket.close(closeCodeOf(reason.code), reason.code);
  }

  /** Breaks the connection. */
  terminate(): void {
    this.#socket.terminate();
  }

  #message(data: Buffer, isBinary: boolean): void {
    if (this.#closing) return;
    this.#heardAt = this.#context.now();
    try {
      if (!this.#context.mayRead()) throw new WireError("relay/rate-limited", "too many frames on this socket", { retryAfter: 5 });
      if (!isBinary) throw new WireError("frame/invalid", "live frames are binary");
      this.#request(decodeLiveRequest(data));
    } catch (error) {
      this.end(error instanceof WireError ? error : new WireError("relay/internal", "the relay failed on this frame"));
    }
  }

  #request(request: LiveRequest): void {
    switch (request.t) {
      case "subscribe":
        void this.#subscribe(request);
        return;
      case "credit":
        return this.#subscriptionOf(request.id)?.grant(request.cells);
      case "unsubscribe": {
        const subscription = this.#subscriptionOf(request.id);
        if (subscription !== undefined) this.#drop(subscription);
        return;
      }
      case "ping":
        return this.#event({ t: "pong" });
    }
  }

  async #subscribe(request: LiveRequest & { t: "subscribe" }): Promise<void> {
    const { store, hub, limits } = this.#context;
    const { id, shard, after, credit = 0 } = request;
    if (this.#subscriptions.has(id)) return this.#refuse(id, "live/subscription-exists", "this id is in use on this socket");
    if (this.#subscriptions.size >= limits.subscriptionsPerSocket) {
      return this.#refuse(id, "live/too-many-subscriptions", `a socket has at most ${limits.subscriptionsPerSocket} subscriptions`);
    }
    const failed = (error: unknown): void => {
      this.#drop(subscription);
      if (error instanceof WireError) this.#refuse(id, error.code, error.message, error.retryAfter);
      else this.#refuse(id, "relay/internal", "the relay could not read the board");
    };
    const subscription = hub.add({ id, shard, after, credit }, this, failed);
    this.#subscriptions.set(id, subscription);
    try {
      const { head, expired } = await store.state(shard);
      if (this.#subscriptions.get(id) !== subscription) return;
      this.#event({ t: "subscribed", id, board: store.board, head, expired });
      if (after > Math.max(head, expired)) {
        this.#drop(subscription);
        return this.#refuse(id, "live/cursor-ahead", "this cursor is of another board: begin at 0");
      }
      subscription.start();
    } catch (error) {
      if (this.#subscriptions.get(id) === subscription) failed(error);
    }
  }

  /** A reader may have said "unsubscribe" or "credit" before it heard that the subscription is over: that is no offence. */
  #subscriptionOf(id: number): Subscription | undefined {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) this.#refuse(id, "live/unknown-subscription", "there is no such subscription on this socket");
    return subscription;
  }

  #refuse(id: number, code: WireErrorCode, message: string, retryAfter?: number): void {
    this.#event({ t: "error", id, ...failureOf(new WireError(code, message, retryAfter === undefined ? {} : { retryAfter })) });
  }

  #drop(subscription: Subscription): void {
    this.#context.hub.remove(subscription);
    this.#subscriptions.delete(subscription.id);
  }

  #forget(): void {
    this.#closing = true;
    for (const subscription of this.#subscriptions.values()) this.#context.hub.remove(subscription);
    this.#subscriptions.clear();
  }

  #event(event: LiveEvent): void {
    this.#send(encodeLiveEvent(event));
  }

  #send(frame: Uint8Array): void {
    if (this.#closing) return;
    this.#socket.send(frame, () => this.#drained());
    if (this.#fullSince === undefined && this.#socket.bufferedAmount > this.#context.limits.socketBufferBytes) {
      this.#fullSince = this.#context.now();
    }
  }

  #drained(): void {
    if (this.#fullSince === undefined || this.#socket.bufferedAmount > this.#context.limits.socketBufferBytes / 2) return;
    this.#fullSince = undefined;
    for (const subscription of this.#subscriptions.values()) subscription.resume();
  }
}

function failureOf(error: WireError): { code: string; message: string; retryAfter?: number } {
  return { code: error.code, message: error.message, ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }) };
}

function closeCodeOf(code: WireErrorCode): number {
  if (code === "relay/stopping") return GOING_AWAY;
  return code === "live/too-slow" || code === "relay/rate-limited" ? TRY_LATER : POLICY;
}
