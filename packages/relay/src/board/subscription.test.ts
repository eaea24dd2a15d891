// A reader gets every cell of its shard once and in order, whatever the interleaving of appends, reads, credit and full sockets.

import { MAX_CELLS_PER_FRAME, PINNED_CELL_BYTES, readBe8, WHOLE_BOARD, writeBe8 } from "@sotto/wire";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CellRun } from "../store/store.ts";
import { type CellSink, Subscription } from "./subscription.ts";

function runOf(cursors: readonly number[]): CellRun {
  const bytes = new Uint8Array(cursors.length * PINNED_CELL_BYTES);
  cursors.forEach((cursor, i) => writeBe8(bytes, i * PINNED_CELL_BYTES, cursor));
  return { bytes, count: cursors.length, last: cursors.at(-1) ?? 0 };
}

/** A board, a socket and one subscription; whatever takes time waits until the test lets it go on. */
class World implements CellSink {
  writable = true;
  readonly board: number[] = [];
  readonly sent: number[] = [];
  readonly frames: number[] = [];
  liveSaid = 0;
  failure: unknown;
  /** Reads that were begun: the store looks at the board at some moment, and its answer arrives at a later one. */
  readonly #reads: { readonly look: () => CellRun; seen?: CellRun; readonly answer: (run: CellRun) => void }[] = [];
  /** Commits that were not announced yet. */
  #announceFrom = 0;
  readonly subscription: Subscription;

  constructor(after: number, credit: number) {
    const read = (_shard: unknown, from: number, limit: number): Promise<CellRun> => {
      const look = (): CellRun => runOf(this.board.filter((cursor) => cursor > from).slice(0, limit));
      return new Promise((answer) => this.#reads.push({ look, answer }));
    };
    this.subscription = new Subscription({ id: 1, shard: WHOLE_BOARD, after, credit }, this, read, (error) => (this.failure = error));
  }

  cells(_id: number, run: Uint8Array): void {
    this.frames.push(run.length / PINNED_CELL_BYTES);
    for (let i = 0; i < run.length; i += PINNED_CELL_BYTES) this.sent.push(readBe8(run, i));
  }

  live(): void {
    this.liveSaid++;
  }

  commit(count: number): void {
    for (let i = 0; i < count; i++) this.board.push((this.board.at(-1) ?? 0) + 1);
  }

  announce(): void {
    const news = this.board.slice(this.#announceFrom);
    this.#announceFrom = this.board.length;
    if (news.length > 0) this.subscription.announce({ shard: WHOLE_BOARD, ...runOf(news) });
  }

  look(): void {
    const [read] = this.#reads;
    if (read !== undefined) read.seen ??= read.look();
  }

  async finishRead(): Promise<void> {
    const read = this.#reads.shift();
    read?.answer(read.seen ?? read.look());
    // The subscription goes on in microtasks.
    for (let i = 0; i < 5; i++) await Promise.resolve();
  }

  get reading(): boolean {
    return this.#reads.length > 0;
  }

  async finishReads(): Promise<void> {
    while (this.reading) await this.finishRead();
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant("commit" as const), count: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ do: fc.constant("announce" as const) }),
  fc.record({ do: fc.constant("look" as const) }),
  fc.record({ do: fc.constant("read" as const) }),
  fc.record({ do: fc.constant("credit" as const), count: fc.integer({ min: 1, max: 120 }) }),
  fc.record({ do: fc.constant("fill" as const) }),
  fc.record({ do: fc.constant("drain" as const) }),
);

describe("Subscription", () => {
  it("sends every cell once and in order under any interleaving, never beyond its credit or into a full socket", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.nat(60), fc.nat(100), fc.array(step, { maxLength: 60 }), async (held, after, credit, steps) => {
        const world = new World(after, credit);
        world.commit(held);
        world.announce();
        world.subscription.start();
        let granted = credit;
        for (const each of steps) {
          const sentBefore = world.sent.length;
          const wasWritable = world.writable;
          if (each.do === "commit") world.commit(each.count);
          else if (each.do === "announce") world.announce();
          else if (each.do === "look") world.look();
          else if (each.do === "read") await world.finishRead();
          else if (each.do === "fill") world.writable = false;
          else if (each.do === "drain") {
            world.writable = true;
            world.subscription.resume();
          } else {
            granted += each.count;
            world.subscription.grant(each.count);
          }
          expect(world.sent.length).toBeLessThanOrEqual(granted);
          // A read that was under way when the socket filled is the one thing that may still be sent: one frame.
          const mayStill = wasWritable ? Number.POSITIVE_INFINITY : each.do === "read" ? MAX_CELLS_PER_FRAME : 0;
          expect(world.sent.length - sentBefore).toBeLessThanOrEqual(mayStill);
        }
        world.writable = true;
        world.announce();
        world.subscription.grant(4096);
        world.subscription.resume();
        await world.finishReads();
        expect(world.sent).toEqual(world.board.filter((cursor) => cursor > after));
        expect(world.liveSaid).toBe(1);
        expect(Math.max(0, ...world.frames)).toBeLessThanOrEqual(MAX_CELLS_PER_FRAME);
      }),
      { numRuns: 500 },
    );
  });

  it("sends no cell twice that a read showed before it was announced", async () => {
    const world = new World(0, 100);
    world.commit(3);
    world.subscription.start();
    await world.finishReads();
    world.commit(2);
    // Announces 1 to 5: three of them were sent.
    world.announce();
    expect(world.sent).toEqual([1, 2, 3, 4, 5]);
  });

  it("is live without credit when there is nothing to send", async () => {
    const world = new World(0, 0);
    world.subscription.start();
    await world.finishReads();
    expect(world.liveSaid).toBe(1);
    world.commit(1);
    world.announce();
    await world.finishReads();
    expect(world.sent).toEqual([]);
    world.subscription.grant(1);
    await world.finishReads();
    expect(world.sent).toEqual([1]);
  });

  it("sends no news into a full socket, and nothing is missing when it has drained", async () => {
    const world = new World(0, 100);
    world.subscription.start();
    await world.finishReads();
    world.writable = false;
    world.commit(2);
    world.announce();
    expect(world.sent).toEqual([]);
    world.writable = true;
    world.subscription.resume();
    await world.finishReads();
    expect(world.sent).toEqual([1, 2]);
  });

  it("sends nothing before it was started, whatever is granted and announced", async () => {
    const world = new World(0, 10);
    world.commit(3);
    world.subscription.grant(5);
    world.announce();
    world.subscription.resume();
    await world.finishReads();
    expect([world.sent, world.liveSaid]).toEqual([[], 0]);
    world.subscription.start();
    await world.finishReads();
    expect(world.sent).toEqual([1, 2, 3]);
  });

  it("sends nothing after it was closed", async () => {
    const world = new World(0, 100);
    world.commit(3);
    world.subscription.start();
    world.subscription.close();
    await world.finishReads();
    world.announce();
    world.subscription.grant(5);
    expect(world.sent).toEqual([]);
  });
});
