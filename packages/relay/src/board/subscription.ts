// One reader of one shard: where it is, and what it may be sent now. Catches up from the store; once it has everything it takes new cells as
// they are announced; when it has no credit or its socket is full it falls behind and catches up from the store again. So nothing is ever
// queued for a reader, and nothing is ever skipped.
//
//   waiting --(start)--> catching up
//   catching up --(store has nothing newer than what was announced)--> live
//   live --(no credit, or socket full)--> catching up
//
// Not its concern: sockets and frames (live-connection.ts), who gets a turn at the store (hub.ts).

import { MAX_CELLS_PER_FRAME, MAX_CREDIT, PINNED_CELL_BYTES, readBe8, type Shard } from "@sotto/wire";
import type { Announcement, CellRun } from "../store/store.ts";

/** What a subscription needs of the socket it lives on. */
export interface CellSink {
  /** Whether the socket takes more now; when it turns true again, the subscription's `resume` is called. */
  readonly writable: boolean;
  /** Sends up to 64 pinned cells. */
  cells(id: number, run: Uint8Array): void;
  /** Everything that was pinned has been sent. */
  live(id: number): void;
}

/** Reads a shard from the store when it is this reader's turn. */
export type ReadShard = (shard: Shard, after: number, limit: number) => Promise<CellRun>;

/** What a subscription begins with. */
export interface SubscriptionStart {
  readonly id: number;
  readonly shard: Shard;
  readonly after: number;
  readonly credit: number;
}

/** A reader of a shard. */
export class Subscription {
  readonly id: number;
  readonly shard: Shard;
  readonly #sink: CellSink;
  readonly #read: ReadShard;
  readonly #failed: (error: unknown) => void;
  /** Cursor of the last cell that was sent. */
  #sent: number;
  /** Cursor of the newest cell that was announced while catching up. */
  #announced = 0;
  #credit: number;
  #started = false;
  #live = false;
  #saidLive = false;
  #reading = false;
  #closed = false;

  /** @param failed told when the store cannot be read: the subscription is over */
  constructor(start: SubscriptionStart, sink: CellSink, read: ReadShard, failed: (error: unknown) => void) {
    this.id = start.id;
    this.shard = start.shard;
    this.#sent = start.after;
    this.#credit = Math.min(start.credit, MAX_CREDIT);
    this.#sink = sink;
    this.#read = read;
    this.#failed = failed;
  }

  /** From here on cells are sent; before, announcements and credit are only noted. */
  start(): void {
    this.#started = true;
    this.resume();
  }

  /** The reader takes `cells` more; unused credit is cut at MAX_CREDIT. */
  grant(cells: number): void {
    this.#credit = Math.min(this.#credit + cells, MAX_CREDIT);
    this.resume();
  }

  /** Goes on where it stopped, if it may. */
  resume(): void {
    if (!this.#started || this.#live || this.#reading || this.#closed) return;
    // Without credit nothing can be sent, but a reader that has everything is live all the same: one read tells.
    if (!this.#sink.writable || (this.#credit === 0 && this.#saidLive)) return;
    this.#reading = true;
    void this.#catchUp();
  }

  /** New cells of this shard. */
  announce(news: Announcement): void {
    if (this.#closed || news.last <= this.#sent) return;
    if (!this.#live) {
      this.#announced = news.last;
      return;
    }
    if (this.#credit >= news.count && this.#sink.writable) {
      this.#send(cellsAfter(news, this.#sent));
      return;
    }
    this.#live = false;
    this.#announced = news.last;
    this.resume();
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true;
  }

  async #catchUp(): Promise<void> {
    try {
      while (!this.#closed && this.#sink.writable) {
        const limit = Math.min(Math.max(this.#credit, 1), MAX_CELLS_PER_FRAME);
        const run = await this.#read(this.shard, this.#sent, limit);
        if (this.#closed) break;
        if (run.count > 0 && this.#credit === 0) break;
        if (run.count > 0) this.#send(run);
        if (run.count < limit && this.#announced <= this.#sent) {
          this.#live = true;
          if (!this.#saidLive) this.#sink.live(this.id);
          this.#saidLive = true;
          break;
        }
        if (this.#credit === 0) break;
      }
    } catch (error) {
      if (!this.#closed) this.#failed(error);
      this.#closed = true;
    }
    this.#reading = false;
  }

  #send(run: CellRun): void {
    for (let offset = 0; offset < run.bytes.length; offset += MAX_CELLS_PER_FRAME * PINNED_CELL_BYTES) {
      this.#sink.cells(this.id, run.bytes.subarray(offset, offset + MAX_CELLS_PER_FRAME * PINNED_CELL_BYTES));
    }
    this.#credit -= run.count;
    this.#sent = run.last;
  }
}

/** The run without the cells that were sent already (the store may announce what a read has shown before). */
function cellsAfter(run: CellRun, cursor: number): CellRun {
  let skip = 0;
  while (skip < run.count && readBe8(run.bytes, skip * PINNED_CELL_BYTES) <= cursor) skip++;
  return skip === 0 ? run : { bytes: run.bytes.subarray(skip * PINNED_CELL_BYTES), count: run.count - skip, last: run.last };
}
