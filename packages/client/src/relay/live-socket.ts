// One life of the live socket: opens, subscribes to one shard, hands over what comes, notices when the other end is dead, and ends once.
// Takes a relay, a shard and a cursor; gives events in order. Whatever no honest relay sends ends it with `relay/misbehaving`. Not a
// concern here: coming back (feed.ts), storing, when to grant more.

import {
  decodeLiveEvent,
  encodeLiveRequest,
  isWireErrorCode,
  LIVE_PATH,
  type LiveEvent,
  type LiveRequest,
  type PinnedCell,
  wireErrors,
} from "@sotto/wire";
import type { Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { MessengerError } from "../errors.ts";
import { CONNECT_MS, PROBE_MS, QUIET_MS } from "../limits.ts";
import { honest } from "./honest.ts";
import type { Shard } from "./relay-client.ts";
import { refusal } from "./relay-failure.ts";
import { httpBase, webSocketBase } from "./relay-url.ts";

/** There is one subscription a socket. */
const ID = 1;

/** What to read from where. */
export interface LiveSocketOptions {
  readonly relay: string | URL;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shard: Shard;
  readonly after: number;
  /** Cells that the relay may send before more is granted. */
  readonly credit: number;
  readonly on: LiveSocketListener;
}

/** Told in order; after `ended`, nothing. */
export interface LiveSocketListener {
  subscribed(board: Uint8Array, head: number, expired: number): void;
  cells(cells: readonly PinnedCell[]): void;
  live(): void;
  ended(reason: LiveEnd): void;
}

/**
 * Why a socket ended. `backTo`: the cursor after which reading has to go on, when cells may have been passed over: the relay does not know the
 * cursor, so its board is not the one that gave it, or it came out with a cell only after it had sent later ones.
 */
export interface LiveEnd {
  readonly error: MessengerError;
  readonly backTo?: number;
}

/** One live socket. */
export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #socket: WebSocket | undefined;
  #cancelTimer: () => void = () => undefined;
  #subscribed = false;
  #ended = false;
  #credit: number;
  #cursor: number;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
    this.#credit = options.credit;
    this.#cursor = options.after;
    this.#socket = this.#connect();
  }

  /** Lets the relay send so many cells more. */
  grant(cells: number): void {
    if (this.#ended) return;
    this.#credit += cells;
    this.#send({ t: "credit", id: ID, cells });
  }

  /** Asks for a sign of life and gives it little time. */
  probe(): void {
    if (this.#ended || !this.#subscribed) return;
    this.#send({ t: "ping" });
    this.#expectSign(PROBE_MS);
  }

  /** Ends it without telling. */
  close(): void {
    this.#finish();
  }

  #connect(): WebSocket | undefined {
    const { relay, transport, clock, shard, after, credit } = this.#options;
    this.#cancelTimer = clock.after(CONNECT_MS, () => this.#end(unreachable(relay, "no answer")));
    try {
      const socket = transport.webSocket(`${webSocketBase(relay)}${LIVE_PATH}`);
      socket.binaryType = "arraybuffer";
      socket.addEventListener("open", () => this.#send({ t: "subscribe", id: ID, shard, after, credit }));
      socket.addEventListener("message", ({ data }) => this.#receive(data));
      socket.addEventListener("close", () => this.#end(unreachable(relay, "the socket was closed")));
      // An error is always followed by a close, which ends it; without a listener Node would report it as uncaught.
      socket.addEventListener("error", () => undefined);
      return socket;
    } catch (cause) {
      // Told later, so that nobody is called before the constructor returned.
      this.#cancelTimer();
      this.#cancelTimer = clock.after(0, () => this.#end(unreachable(relay, cause)));
      return undefined;
    }
  }

  #receive(data: unknown): void {
    if (this.#ended) return;
    try {
      if (!(data instanceof ArrayBuffer)) throw new MessengerError("relay/misbehaving", { what: "a text on the live socket" });
      const event = honest(() => decodeLiveEvent(new Uint8Array(data)));
      this.#handle(event);
      if (this.#subscribed && !this.#ended) this.#expectTraffic();
    } catch (error) {
      this.#end(error instanceof MessengerError ? error : new MessengerError("internal", {}, { cause: error }));
    }
  }

  #handle(event: LiveEvent): void {
    const { on } = this.#options;
    if ("id" in event && event.id !== undefined && event.id !== ID) throw misbehaving("an event of a subscription that nobody made");
    switch (event.t) {
      case "subscribed":
        if (this.#subscribed) throw misbehaving("a subscription that begins twice");
        this.#subscribed = true;
        return on.subscribed(event.board, event.head, event.expired);
      case "cells":
        this.#account(event.cells);
        return this.#ended ? undefined : on.cells(event.cells);
      case "live":
        if (!this.#subscribed) throw misbehaving("a subscription that is live before it began");
        return on.live();
      case "error":
        return this.#end(this.#refused(event), event.code === "live/cursor-ahead" ? 0 : undefined);
      case "pong":
        return undefined;
    }
  }

  #refused({ code, retryAfter }: Extract<LiveEvent, { t: "error" }>): MessengerError {
    if (code === "live/cursor-ahead") return misbehaving("a board that has lost what it once gave");
    if (code === "relay/stopping") return unreachable(this.#options.relay, code);
    return refusal(code, isWireErrorCode(code) ? wireErrors[code].status : 500, retryAfter);
  }

  /** Cells come after the subscription began, each above the last, and no more than granted. */
  #account(cells: readonly PinnedCell[]): void {
    if (!this.#subscribed) throw misbehaving("cells before the subscription began");
    const first = cells[0]?.cursor ?? 0;
    if (first <= this.#cursor) return this.#end(misbehaving("cells that were sent before, or out of order"), first - 1);
    this.#cursor = cells.at(-1)?.cursor ?? this.#cursor; // within a frame the decoder has seen to it that cursors grow
    this.#credit -= cells.length;
    if (this.#credit < 0) throw misbehaving("more cells than were asked for");
  }

  #expectTraffic(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(QUIET_MS, () => {
      this.#send({ t: "ping" });
      this.#expectSign(QUIET_MS);
    });
  }

  #expectSign(withinMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(withinMs, () => this.#end(unreachable(this.#options.relay, "no sign of life")));
  }

  #send(request: LiveRequest): void {
    if (this.#socket?.readyState === 1) this.#socket.send(encodeLiveRequest(request) as Uint8Array<ArrayBuffer>);
  }

  #end(error: MessengerError, backTo?: number): void {
    if (this.#ended) return;
    this.#finish();
    this.#options.on.ended({ error, ...(backTo !== undefined && { backTo }) });
  }

  #finish(): void {
    this.#ended = true;
    this.#cancelTimer();
    this.#socket?.close();
  }
}

function misbehaving(what: string): MessengerError {
  return new MessengerError("relay/misbehaving", { what });
}

function unreachable(relay: string | URL, cause: unknown): MessengerError {
  return new MessengerError("relay/unreachable", { relay: httpBase(relay) }, { cause });
}
