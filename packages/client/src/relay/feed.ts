// Every cell of one shard, in the relay's order, without gaps: subscribes after a cursor, comes back after every break, and goes on. Takes
// a relay, a shard and a position; calls `onCells` with batches, one at a time, and lets the relay send more only when its promise has
// resolved. Not a concern here: whose cells these are, storing the position, sending.

import { equalBytes } from "@sotto/protocol";
import type { Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { FEED_CREDIT, RECONNECT, RECONNECT_PATIENCE } from "../limits.ts";
import { backoffMs } from "./backoff.ts";
import { type LiveEnd, LiveSocket, type LiveSocketListener } from "./live-socket.ts";
import { type Network, platformNetwork } from "./network.ts";
import type { Shard } from "./relay-client.ts";
import { httpBase } from "./relay-url.ts";

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
   * Cells in order, and the position after them. The next batch comes when the promise has resolved; when it rejects, the feed tells
   * `onError` and reads the same cells again after a pause. No cells: reading goes back to this position, and from there on everything comes
   * again.
   */
  onCells(cells: readonly FeedCell[], after: BoardPosition): Promise<void>;
  /** Everything that was on the board when the feed (re)connected has been handed over: this is how far that was. */
  onLive?(at: BoardPosition): void;
  /** The relay's board is another one than the position's: reading begins at its start. */
  onBoardChanged?(board: Uint8Array): void;
  /** The relay has dropped cells, past their time, that this feed had not read. */
  onExpired?(): void;
  onConnection?(connection: Connection): void;
  /** What went wrong, apart from the relay not answering; the feed goes on trying. */
  onError?(error: MessengerError): void;
}

/** What to read, over which network, and who is told. */
export interface FeedOptions {
  /** `http(s)://` or `ws(s)://`. */
  readonly relay: string | URL;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly shard: Shard;
  /** Where reading goes on; without it: from the beginning of the board. `"now"`: with what is pinned after the first connection. */
  readonly after?: BoardPosition | "now";
  readonly listener: FeedListener;
  /** In [0, 1), for jitter. Default: Math.random. */
  readonly random?: () => number;
  readonly network?: Network;
}

/** A running feed. */
export interface Feed {
  /** Ends it; resolves when no listener is running any more. Idempotent. */
  stop(): Promise<void>;
  /** Tries to connect now instead of at the end of a pause. */
  retryNow(): void;
  /**
   * Connects anew at once: the next `onLive` covers everything that was on the board at the time of this call. Who is online is told of it only
   * if that fails.
   */
  refresh(): void;
  /** Reads everything after `cursor` again: the relay has passed over cells. */
  goBack(cursor: number): void;
}

/** Starts reading. Never fails: what goes wrong is told to the listener, and tried again. `argument/invalid` for a relay that is no URL. */
export function startFeed(options: FeedOptions): Feed {
  httpBase(options.relay);
  const runner = new FeedRunner(options);
  runner.connect();
  return runner;
}

class FeedRunner implements Feed {
  readonly #options: FeedOptions;
  readonly #random: () => number;
  readonly #network: Network;
  readonly #stopWatching: () => void;
  #position: BoardPosition | undefined;
  /** Reading has to go on here, where that is before the position. */
  #backTo = Number.POSITIVE_INFINITY;
  /** The first connection is to find out where the board ends. */
  #seeking: boolean;
  #socket: LiveSocket | undefined;
  /** Cells of this connection that were not handed over yet. */
  #queue: FeedCell[] = [];
  /** This connection has sent everything there was: `onLive` is due once the queue is empty. */
  #liveDue = false;
  /** Runs while the listener has cells. A new connection waits for it: only then is it known where to go on. */
  #handing: Promise<void> | undefined;
  /** Attempts in a row that brought nothing. */
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  /** What was told last is that this is online. */
  #online = false;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#position = options.after === "now" ? undefined : options.after;
    this.#seeking = options.after === "now";
    this.#random = options.random ?? Math.random;
    this.#network = options.network ?? platformNetwork;
    this.#stopWatching = this.#network.watch((hint) => {
      if (this.#socket !== undefined) this.#socket.probe();
      else if (hint !== "went") this.retryNow();
    });
  }

  connect(): void {
    this.#cancelRetry = undefined;
    if (!this.#online && this.#failures < RECONNECT_PATIENCE) this.#tell({ state: "connecting", attempt: this.#failures + 1 });
    void Promise.resolve(this.#handing)
      .then(() => this.#rewind())
      .then(
        () => this.#open(),
        (error: unknown) => this.#comeBack({ error: asMessengerError(error) }),
      );
  }

  retryNow(): void {
    if (this.#cancelRetry === undefined) return;
    this.#cancelRetry();
    this.connect();
  }

  refresh(): void {
    if (this.#stopped) return;
    this.#cancelRetry?.();
    this.#leave();
    this.connect();
  }

  goBack(cursor: number): void {
    this.#backTo = Math.min(this.#backTo, cursor);
    this.refresh();
  }

  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true;
      this.#stopWatching();
      this.#cancelRetry?.();
      this.#leave();
      this.#tell({ state: "offline", reason: "closed" });
    }
    await this.#handing;
  }

  /** Goes back if there is reason to; whoever stores the position is told first. */
  async #rewind(): Promise<void> {
    const known = this.#position;
    const cursor = this.#backTo;
    if (known !== undefined && cursor < known.cursor && !this.#stopped) {
      await this.#options.listener.onCells([], { ...known, cursor });
      this.#position = { ...known, cursor };
    }
    this.#backTo = Number.POSITIVE_INFINITY;
  }

  #open(): void {
    if (this.#stopped || this.#socket !== undefined) return;
    const { relay, transport, clock, shard } = this.#options;
    const after = this.#position?.cursor ?? 0;
    const on: LiveSocketListener = {
      subscribed: (board, head, expired) => (this.#seeking ? this.#found({ board, cursor: head }) : this.#begin(board, after, expired)),
      cells: (cells) => {
        this.#queue.push(...cells);
        this.#handOver();
      },
      live: () => {
        this.#liveDue = true;
        this.#handOver();
      },
      ended: (end) => this.#comeBack(end),
    };
    this.#socket = new LiveSocket({ relay, transport, clock, shard, after, credit: this.#seeking ? 0 : FEED_CREDIT, on });
  }

  #found(end: BoardPosition): void {
    this.#seeking = false;
    this.#position = end;
    this.#leave();
    this.#open();
  }

  #begin(board: Uint8Array, after: number, expired: number): void {
    const known = this.#position;
    const changed = known !== undefined && !equalBytes(known.board, board);
    if (known === undefined || changed) this.#position = { board, cursor: 0 };
    if (changed) this.#options.listener.onBoardChanged?.(board);
    if (changed && after > 0) {
      // The cursor that was subscribed with means nothing on this board.
      this.#comeBack({ error: new MessengerError("relay/misbehaving", { what: "it has lost its board" }) });
      return;
    }
    if (after > 0 && expired > after) this.#options.listener.onExpired?.();
    if (!this.#online) this.#tell({ state: "online", since: new Date(this.#options.clock.now()), relay: new URL(this.#options.relay) });
  }

  #handOver(): void {
    this.#handing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    await undefined; // never ends before `handing` is set; and what comes in one go is handed over in one go
    try {
      // The question whether there is more and the end must not be parted by a wait: what came in between would lie there for ever.
      for (let socket = this.#socket; socket !== undefined && this.#isMore(); socket = this.#socket) {
        if (this.#queue.length > 0) await this.#handCells(socket, this.#queue);
        else this.#handLive();
      }
    } catch (error) {
      this.#comeBack({ error: asMessengerError(error) });
    } finally {
      this.#handing = undefined;
    }
  }

  #isMore(): boolean {
    return this.#liveDue || this.#queue.length > 0;
  }

  async #handCells(socket: LiveSocket, cells: readonly FeedCell[]): Promise<void> {
    this.#queue = [];
    const known = this.#position as BoardPosition;
    const position: BoardPosition = { board: known.board, cursor: cells.at(-1)?.cursor ?? known.cursor };
    await this.#options.listener.onCells(cells, position);
    this.#position = position;
    this.#failures = 0;
    socket.grant(cells.length);
  }

  #handLive(): void {
    this.#liveDue = false;
    this.#failures = 0;
    this.#options.listener.onLive?.(this.#position as BoardPosition);
  }

  #comeBack({ error, backTo }: LiveEnd): void {
    this.#leave();
    if (backTo !== undefined) this.#backTo = Math.min(this.#backTo, backTo);
    // The socket may have ended while the listener failed: one retry is enough.
    if (this.#stopped || this.#cancelRetry !== undefined) return;
    this.#failures++;
    const { clock, listener } = this.#options;
    const limited = MessengerError.is(error, "relay/rate-limited");
    const asked = MessengerError.is(error, "relay/rate-limited", "relay/busy") ? error.details.retryAfter : 0;
    const wait = Math.max(asked, backoffMs(RECONNECT, this.#failures, this.#random()));
    const retryAt = new Date(clock.now() + wait);
    if (!limited && !MessengerError.is(error, "relay/unreachable")) listener.onError?.(error);
    if (limited) this.#tell({ state: "blocked", reason: "rate-limited", until: retryAt });
    else if (!this.#network.available()) this.#tell({ state: "offline", reason: "no-network" });
    else if (this.#failures >= RECONNECT_PATIENCE) this.#tell({ state: "offline", reason: "relay-unreachable" });
    else this.#tell({ state: "connecting", attempt: this.#failures + 1, retryAt });
    this.#cancelRetry = clock.after(wait, () => this.connect());
  }

  /** Drops the connection and what it brought and nobody took: it is read again. */
  #leave(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#queue = [];
    this.#liveDue = false;
  }

  #tell(connection: Connection): void {
    this.#online = connection.state === "online";
    this.#options.listener.onConnection?.(connection);
  }
}
