// The boards that an account reads: one feed for each of its relays, and for each that it has left as long as something may come there.
// Takes the state's relays; hands cells and what is known of each relay to its listener. Not a concern here: what is in cells, sending.

import { WHOLE_BOARD } from "@sotto/wire";
import type { Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { type BoardPosition, type Feed, type FeedCell, startFeed } from "../relay/feed.ts";
import { currentRelays } from "./own-relays.ts";
import type { State } from "./state.ts";

/** What boards tell. */
export interface BoardsListener {
  cells(relay: string, cells: readonly FeedCell[], after: BoardPosition): Promise<void>;
  /** Everything that was on a board has been handed over; the relay counts as read when this resolves. */
  read(relay: string, at: BoardPosition): Promise<void>;
  /** A relay has dropped cells that were not read. */
  expired(): void;
  /** A relay has lost its board, and whatever else it kept. */
  lost(relay: string): void;
  /** What is known of a relay has changed. */
  changed(relay: string): void;
  error(error: unknown): void;
}

/** The connection to each relay that an account reads, by address. */
export type RelayConnections = ReadonlyMap<string, Connection>;

/** What boards need of their surroundings. */
export interface BoardsContext {
  readonly state: State;
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1), for pauses. */
  random(): number;
  readonly listener: BoardsListener;
}

/** One relay as it is read. */
interface Board {
  feed: Feed | undefined;
  connection: Connection;
  /** Everything that was there has been taken in, and what comes next is pushed. */
  live: boolean;
  /** An attempt to reach it failed since it was last live. */
  failing: boolean;
}

/** Reads all boards of an account. */
export class Boards {
  readonly #context: BoardsContext;
  readonly #boards = new Map<string, Board>();
  #stopped = false;

  constructor(context: BoardsContext) {
    this.#context = context;
  }

  /** Reads where the account's relays say, and nowhere else. Call it when they changed. */
  follow(): void {
    if (this.#stopped) return;
    const { relays } = this.#context.state.self;
    for (const [address, board] of this.#boards) {
      if (relays.some((relay) => relay.address === address)) continue;
      this.#boards.delete(address);
      void board.feed?.stop();
    }
    for (const { address } of relays) if (!this.#boards.has(address)) this.#begin(address);
  }

  /** The connection to each relay that is read. */
  get connections(): RelayConnections {
    return new Map([...this.#boards].map(([relay, { connection }]) => [relay, connection]));
  }

  /** The best of the connections: with one relay that works the account is online. */
  get connection(): Connection {
    const all = this.#context.state.self.relays.flatMap(({ address }) => this.#boards.get(address)?.connection ?? []);
    for (const state of ["online", "connecting", "blocked"] as const) {
      const found = all.find((connection) => connection.state === state);
      if (found !== undefined) return found;
    }
    return all[0] ?? { state: "offline", reason: "closed" };
  }

  /** Whether a relay can be reached, as far as it is known. */
  isFailing(relay: string): boolean {
    return this.#boards.get(relay)?.failing === true;
  }

  /** Whether everything that is on a board that can be reached has been taken in, and there is one. */
  get live(): boolean {
    const reached = [...this.#boards.values()].filter(({ failing }) => !failing);
    return reached.length > 0 && reached.every(({ live }) => live);
  }

  /** Whether everything on every board has been taken in once this one has. */
  allLiveWith(relay: string): boolean {
    return [...this.#boards].every(([address, { live }]) => live || address === relay);
  }

  /** Whether everything on a board has been taken in. */
  isLive(relay: string): boolean {
    return this.#boards.get(relay)?.live === true;
  }

  /** Whether no relay can be reached. */
  get failing(): boolean {
    return [...this.#boards.values()].every(({ failing }) => failing);
  }

  /** Whether there is a relay where others may write, and every other one that the account has was tried. */
  get anchored(): boolean {
    const current = currentRelays(this.#context.state.self);
    const found = current.some(({ begin }) => begin !== null);
    return found && current.every(({ address, begin }) => begin !== null || this.isFailing(address));
  }

  /** From now on `live` says that everything has been taken in that is on the boards at this moment. */
  refresh(): void {
    const hopeless = this.failing;
    for (const [address, board] of this.#boards) {
      if (hopeless) board.failing = false;
      const again = this.#context.state.positions.get(address)?.again;
      if (!board.live && again === undefined) continue;
      board.live = false;
      if (again === undefined) board.feed?.refresh();
      else board.feed?.goBack(again.after);
    }
  }

  /** Tries to connect now instead of at the end of a pause. */
  retryNow(relay?: string): void {
    for (const [address, { feed }] of this.#boards) if (relay === undefined || relay === address) feed?.retryNow();
  }

  /** Reads a board again after a cursor. */
  goBack(relay: string, cursor: number): void {
    const board = this.#boards.get(relay);
    if (board === undefined) return;
    board.live = false;
    board.feed?.goBack(cursor);
  }

  /** Stops reading; resolves when no listener is running any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#boards.values()].map(({ feed }) => feed?.stop()));
  }

  #begin(relay: string): void {
    const { state, transport, clock, random, listener } = this.#context;
    const begin = state.self.relays.find(({ address }) => address === relay)?.begin;
    const board: Board = { feed: undefined, connection: { state: "connecting", attempt: 1 }, live: false, failing: false };
    this.#boards.set(relay, board);
    board.feed = startFeed({
      relay,
      transport,
      clock,
      random,
      shard: WHOLE_BOARD,
      // Nobody can have written where nobody was told to: reading begins at the end of what is there.
      after: state.positions.get(relay) ?? begin ?? "now",
      listener: {
        onCells: async (cells, after) => await listener.cells(relay, cells, after),
        onLive: (at) => listener.read(relay, at).then(() => this.#read(relay, board), listener.error),
        onExpired: () => listener.expired(),
        onBoardChanged: () => listener.lost(relay),
        onConnection: (connection) => this.#connected(relay, board, connection),
        onError: (error) => listener.error(error),
      },
    });
  }

  #read(relay: string, board: Board): void {
    board.live = true;
    board.failing = false;
    this.#context.listener.changed(relay);
  }

  #connected(relay: string, board: Board, connection: Connection): void {
    board.connection = connection;
    if (connection.state !== "online") board.live = false;
    // A pause before the second attempt means that the first one has failed.
    if (connection.state === "offline" || (connection.state === "connecting" && connection.retryAt !== undefined)) board.failing = true;
    this.#context.listener.changed(relay);
  }
}
