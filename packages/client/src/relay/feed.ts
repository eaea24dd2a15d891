// Every cell of one shard, in the relay's order, without gaps: subscribes after a cursor, reconnects, and goes on. Takes a relay, a shard
// and a cursor; calls `onCells` with batches, one at a time, and grants the relay more only when its promise has resolved. Not a concern
// here: whose cells these are, storing the cursor, sending.

import type { Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { MessengerError } from "../errors.ts";
import type { Shard } from "./relay-client.ts";

/** How far a shard was read: a cursor means something only on the board (16 bytes) it was given by. */
export interface BoardPosition {
  readonly board: Uint8Array;
  readonly cursor: number;
}

/** A cell as it was pinned; the cursor grows along the shard. */
export interface FeedCell {
  readonly cursor: number;
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
}

/** What a feed tells. */
export interface FeedListener {
  /**
   * Cells in order and the position after them. The next batch comes when the promise has resolved; when it rejects, the feed calls
   * `onError` and reads the same cells again after a pause.
   */
  onCells(cells: readonly FeedCell[], after: BoardPosition): Promise<void>;
  /** Everything that was on the board when the feed (re)connected has been handed over. */
  onLive?(): void;
  /** The relay lost its board: reading starts at the beginning of the new one. */
  onBoardChanged?(board: Uint8Array): void;
  onConnection?(connection: Connection): void;
  onError?(error: MessengerError): void;
}

export interface FeedOptions {
  /** `http(s)://` or `ws(s)://`. */
  readonly relay: string | URL;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shard: Shard;
  /** Where reading goes on; without it: from the beginning of the board. */
  readonly after?: BoardPosition;
  readonly listener: FeedListener;
  /** In [0, 1), for jitter. Default: Math.random. */
  readonly random?: () => number;
}

/** A running feed. */
export interface Feed {
  /** Ends it; resolves when no listener is running any more. Idempotent. */
  stop(): Promise<void>;
  /** Tries to connect now instead of at the end of a pause. */
  retryNow(): void;
}

/** Starts reading. Never fails: what goes wrong is told to the listener, and tried again. */
export function startFeed(_options: FeedOptions): Feed {
  throw new Error("not written yet");
}
