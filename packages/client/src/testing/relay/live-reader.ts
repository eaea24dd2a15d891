// The relay's side of one live socket: subscriptions, each gap-free and in order, pinned cells first, then new ones, never more than was
// granted. Takes frames of a reader; gives events. Not a concern here: sockets, how long anything takes.

import { type LiveEvent, type LiveRequest, MAX_CELLS_PER_FRAME, type Shard, WireError, type WireErrorCode } from "@sotto/wire";
import type { Board } from "./board.ts";

/** Subscriptions on one socket, as a relay has them that was told nothing else. */
const MAX_SUBSCRIPTIONS = 16;

interface Subscription {
  readonly id: number;
  readonly shard: Shard;
  sent: number;
  credit: number;
  saidLive: boolean;
}

/** A reader of the board. */
export class LiveReader {
  readonly #board: Board;
  readonly #say: (event: LiveEvent) => void;
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #stopWatching: () => void;

  /** @param say told each event for the reader, in order */
  constructor(board: Board, say: (event: LiveEvent) => void) {
    this.#board = board;
    this.#say = say;
    this.#stopWatching = board.watch(() => this.#flowAll());
  }

  /** Takes what the reader says. */
  take(request: LiveRequest): void {
    switch (request.t) {
      case "subscribe":
        return this.#subscribe(request);
      case "credit": {
        const subscription = this.#subscriptionOf(request.id);
        if (subscription === undefined) return;
        subscription.credit += request.cells;
        return this.#flow(subscription);
      }
      case "unsubscribe":
        if (this.#subscriptionOf(request.id) !== undefined) this.#subscriptions.delete(request.id);
        return;
      case "ping":
        return this.#say({ t: "pong" });
    }
  }

  /** Says nothing more. */
  close(): void {
    this.#stopWatching();
    this.#subscriptions.clear();
  }

  #subscribe({ id, shard, after, credit = 0 }: LiveRequest & { t: "subscribe" }): void {
    if (this.#subscriptions.has(id)) return this.#refuse(id, "live/subscription-exists", "this id is in use on this socket");
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      return this.#refuse(id, "live/too-many-subscriptions", `a socket has at most ${MAX_SUBSCRIPTIONS} subscriptions`);
    }
    const head = this.#board.head(shard);
    const { id: board, expired } = this.#board;
    this.#say({ t: "subscribed", id, board, head, expired });
    if (after > Math.max(head, expired)) return this.#refuse(id, "live/cursor-ahead", "this cursor is of another board: begin at 0");
    const subscription = { id, shard, sent: after, credit, saidLive: false };
    this.#subscriptions.set(id, subscription);
    this.#flow(subscription);
  }

  #subscriptionOf(id: number): Subscription | undefined {
    const subscription = this.#subscriptions.get(id);
    if (subscription === undefined) this.#refuse(id, "live/unknown-subscription", "there is no such subscription on this socket");
    return subscription;
  }

  #refuse(id: number, code: WireErrorCode, message: string): void {
    const { code: said, message: why } = new WireError(code, message);
    this.#say({ t: "error", id, code: said, message: why });
  }

  #flowAll(): void {
    for (const subscription of this.#subscriptions.values()) this.#flow(subscription);
  }

  #flow(subscription: Subscription): void {
    const { id, shard } = subscription;
    while (subscription.credit > 0) {
      const cells = this.#board.after(shard, subscription.sent, Math.min(subscription.credit, MAX_CELLS_PER_FRAME));
      const last = cells.at(-1);
      if (last === undefined) break;
      subscription.sent = last.cursor;
      subscription.credit -= cells.length;
      this.#say({ t: "cells", id, cells });
    }
    if (!subscription.saidLive && subscription.sent >= this.#board.head(shard)) {
      subscription.saidLive = true;
      this.#say({ t: "live", id });
    }
  }
}
