// The feed against a relay that comes and goes, lies, and is slow: every cell once, in order, no more in flight than granted, and no
// waiting for ever. Time is virtual.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "@sotto/wire";
import type { Connection } from "../../src/api.ts";
import type { MessengerError } from "../../src/errors.ts";
import { FEED_CREDIT } from "../../src/limits.ts";
import { type BoardPosition, type Feed, type FeedCell, type FeedListener, type FeedOptions, startFeed } from "../../src/relay/feed.ts";
import type { Network, NetworkHint } from "../../src/relay/network.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { FakeRelay } from "../support/fake-relay.ts";

const SHARD = { bits: 0, prefix: new Uint8Array(8) };

/** A feed, and everything it said. */
class Reader {
  readonly relay: FakeRelay;
  readonly clock: VirtualClock;
  readonly seen: number[] = [];
  readonly batches: number[] = [];
  readonly connections: Connection[] = [];
  readonly errors: MessengerError[] = [];
  readonly boards: number[] = [];
  position: BoardPosition | undefined;
  lives = 0;
  expiries = 0;
  /** How the next cells are taken. */
  take: () => Promise<void> = async () => undefined;
  feed: Feed;

  constructor(relay: FakeRelay, clock: VirtualClock, options: Partial<FeedOptions> = {}, listener: Partial<FeedListener> = {}) {
    this.relay = relay;
    this.clock = clock;
    if (options.after !== undefined && options.after !== "now") this.position = options.after;
    this.feed = startFeed({
      relay: relay.url,
      transport: relay.transport,
      clock,
      shard: SHARD,
      random: () => 0.5,
      ...options,
      listener: {
        onCells: async (cells: readonly FeedCell[], after) => {
          await this.take();
          this.batches.push(cells.length);
          this.seen.push(...cells.map(({ cursor }) => cursor));
          this.position = after;
        },
        onLive: () => this.lives++,
        onExpired: () => this.expiries++,
        onBoardChanged: (board) => this.boards.push(board[0]!),
        onConnection: (connection) => this.connections.push(connection),
        onError: (error) => this.errors.push(error),
        ...listener,
      },
    });
  }

  get state(): string {
    const last = this.connections.at(-1)!;
    return "reason" in last ? `${last.state} ${last.reason}` : last.state;
  }
}

function setUp(cells = 0, options: Partial<FeedOptions> = {}): { relay: FakeRelay; clock: VirtualClock; reader: Reader } {
  const [relay, clock] = [new FakeRelay(), new VirtualClock()];
  relay.fill(cells);
  return { relay, clock, reader: new Reader(relay, clock, options) };
}

const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const at = (relay: FakeRelay, cursor: number): BoardPosition => ({ board: relay.board, cursor });

describe("reading", () => {
  test("begins at the beginning, then goes live", async () => {
    const { relay, clock, reader } = setUp(1000);
    for (let i = 0; i < 10; i++) await clock.advance(1);
    expect(reader.seen).toEqual(upTo(1000));
    expect(reader.lives).toBe(1);
    relay.fill(3);
    await clock.advance(1);
    expect(reader.seen).toEqual(upTo(1003));
    expect(reader.lives).toBe(1);
    expect(reader.state).toBe("online");
    expect(relay.connections).toBe(1);
  });

  test("begins after a position, or with what comes from now on", async () => {
    const relay = new FakeRelay();
    const clock = new VirtualClock();
    relay.fill(10);
    const later = new Reader(relay, clock, { after: at(relay, 7) });
    const now = new Reader(relay, clock, { after: "now" });
    await clock.advance(1);
    expect(later.seen).toEqual([8, 9, 10]);
    expect(now.seen).toEqual([]);
    expect([later.lives, now.lives]).toEqual([1, 1]);
    relay.fill(2);
    await clock.advance(1);
    expect(now.seen).toEqual([11, 12]);
  });

  test("goes back for cells that a relay comes out with only after later ones, and has that stored", async () => {
    const { relay, clock, reader } = setUp(10);
    await clock.advance(1);
    let kept: LiveEvent | undefined;
    relay.twist = (event) => ((kept ??= event) === event ? [] : event);
    relay.fill(3);
    await clock.advance(1);
    expect(reader.seen).toEqual([...upTo(10), 12, 13]);
    const stored: number[] = [];
    reader.take = async () => void stored.push(reader.position!.cursor);
    relay.twist = once(relay, () => kept!);
    relay.fill(1);
    await clock.advance(60_000);
    expect(reader.seen).toEqual([...upTo(10), 12, 13, ...upTo(14, 11)]);
    expect(reader.batches).toContain(0);
    expect(stored).toEqual([13, 10]);
    expect(reader.errors.map(({ code }) => code)).toEqual(["relay/misbehaving"]);
  });

  test("is lossless and in order whatever breaks", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("fill" as const), n: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), n: fc.integer({ min: 1, max: 40_000 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("break", "leave", "return", "fail", "repeat", "reorder") }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { relay, clock, reader } = setUp(5);
        for (const action of steps) {
          if (action.do === "fill") relay.fill((action as { n: number }).n);
          if (action.do === "wait") await clock.advance((action as { n: number }).n);
          if (action.do === "break") relay.breakOff();
          if (action.do === "leave") relay.away = true;
          if (action.do === "return") relay.away = false;
          if (action.do === "fail") reader.take = () => ((reader.take = async () => undefined), Promise.reject(new Error("disk")));
          if (action.do === "repeat") relay.twist = once(relay, (event) => event.t === "cells" && [event, event]);
          if (action.do === "reorder") relay.twist = once(relay, (event) => event.t === "cells" && halves(event.cells).reverse());
        }
        relay.away = false;
        relay.twist = (event) => event;
        await clock.advance(120_000);
        await clock.advance(120_000);
        expect(reader.seen).toEqual(upTo(relay.cells.length));
        await reader.feed.stop();
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("has no more in flight than it granted, and takes one batch at a time", async () => {
    const { relay, clock, reader } = setUp();
    let taking = 0;
    let most = 0;
    const release: (() => void)[] = [];
    reader.take = async () => {
      most = Math.max(most, ++taking);
      await new Promise<void>((resolve) => release.push(resolve));
      taking--;
    };
    await clock.advance(1);
    relay.fill(2000);
    await clock.advance(1);
    expect(reader.seen).toEqual([]);
    while (reader.seen.length < 2000) {
      release.shift()?.();
      await clock.advance(1);
    }
    expect(most).toBe(1);
    expect(Math.max(...reader.batches)).toBeLessThanOrEqual(FEED_CREDIT);
    expect(reader.seen).toEqual(upTo(2000));
  });
});

function halves(cells: readonly FeedCell[]): { t: "cells"; id: number; cells: readonly FeedCell[] }[] {
  const middle = Math.ceil(cells.length / 2);
  return [cells.slice(0, middle), cells.slice(middle)]
    .filter((half) => half.length > 0)
    .map((half) => ({ t: "cells", id: 1, cells: half }));
}

/** Twists the next event that `change` wants to change. */
function once(
  relay: FakeRelay,
  change: (event: Parameters<FakeRelay["twist"]>[0]) => ReturnType<FakeRelay["twist"]> | false,
): FakeRelay["twist"] {
  return (event) => {
    const changed = change(event);
    if (changed === false) return event;
    relay.twist = (next) => next;
    return changed;
  };
}

describe("coming back", () => {
  test("waits longer and longer, with jitter, up to half a minute, and says how it is", async () => {
    const clock = new VirtualClock();
    const relay = new FakeRelay();
    relay.away = true;
    const reader = new Reader(relay, clock, { random: () => 0.999 });
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      await clock.advance(0);
      waits.push(clock.next!);
      await clock.advance(clock.next!);
    }
    expect(waits).toEqual([499, 999, 1998, 3996, 7992, 15984, 29970, 29970, 29970]);
    expect(reader.connections.slice(0, 6).map(({ state }) => state)).toEqual([
      "connecting",
      "connecting",
      "connecting",
      "connecting",
      "connecting",
      "offline",
    ]);
    expect(reader.state).toBe("offline relay-unreachable");
    relay.away = false;
    await clock.advance(30_000);
    expect(reader.state).toBe("online");
    expect(reader.errors).toEqual([]);
  });

  test("a relay that never answers, or falls silent, is noticed within half a minute", async () => {
    const { relay, clock, reader } = setUp(1);
    await clock.advance(1);
    expect(reader.state).toBe("online");
    await clock.advance(60_000); // quiet, and answering to pings
    expect(reader.connections.length).toBe(2);
    relay.deaf = true;
    await clock.advance(30_000);
    expect(relay.connections).toBeGreaterThan(1);
    expect(reader.state).toBe("connecting");
    await clock.advance(60_000);
    expect(reader.state).toBe("offline relay-unreachable");
    relay.deaf = false;
    relay.fill(1);
    await clock.advance(60_000);
    expect(reader.seen).toEqual([1, 2]);
  });

  test("after a listener failed, the same cells come again", async () => {
    const { clock, reader } = setUp(5);
    let attempts = 0;
    reader.take = async () => {
      if (++attempts < 3) throw new Error("the disk is full");
    };
    await clock.advance(10_000);
    expect(attempts).toBe(3);
    expect(reader.seen).toEqual([1, 2, 3, 4, 5]);
    expect(reader.errors.map(({ code }) => code)).toEqual(["internal", "internal"]);
  });

  test("a connection that breaks while the listener fails is one failure, and is tried again once", async () => {
    const { relay, clock, reader } = setUp(5);
    let fail = (): void => undefined;
    reader.take = () => new Promise((_, reject) => (fail = () => reject(new Error("the disk is full"))));
    await clock.advance(1);
    relay.breakOff();
    reader.take = async () => undefined;
    fail();
    await clock.advance(1);
    expect(clock.pending).toBe(1);
    await clock.advance(5_000);
    expect(reader.seen).toEqual([1, 2, 3, 4, 5]);
    expect(relay.connections).toBe(2);
  });

  test("what was taken while the connection broke is not read again", async () => {
    const { relay, clock, reader } = setUp(5);
    let done = (): void => undefined;
    reader.take = () => new Promise((resolve) => (done = resolve));
    await clock.advance(1);
    relay.breakOff();
    await clock.advance(5_000);
    expect(relay.connections).toBe(1); // it cannot know yet where to go on
    reader.take = async () => undefined;
    done();
    relay.fill(1);
    await clock.advance(5_000);
    expect(reader.seen).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("cells that come in whatever moment while others are taken are handed over", async () => {
    for (let moment = 0; moment < 20; moment++) {
      const { relay, clock, reader } = setUp(1);
      reader.take = async () => {
        reader.take = async () => undefined;
        void (async () => {
          for (let i = 0; i < moment; i++) await undefined;
          relay.fill(1);
        })();
      };
      await clock.advance(1);
      expect(reader.seen, `after ${moment} turns`).toEqual([1, 2]);
    }
  });

  test("a relay that asks to wait is waited for", async () => {
    const { relay, clock, reader } = setUp(1);
    relay.twist = once(relay, () => ({ t: "error", code: "relay/rate-limited", message: "slowly", retryAfter: 90 }));
    await clock.advance(1);
    expect(reader.state).toBe("blocked rate-limited");
    await clock.advance(89_000);
    expect(relay.connections).toBe(1);
    await clock.advance(2_000);
    expect(reader.seen).toEqual([1]);
  });

  test("hints of the platform are followed at once", async () => {
    const [relay, clock] = [new FakeRelay(), new VirtualClock()];
    let hint: (hint: NetworkHint) => void = () => undefined;
    let there = true;
    const network: Network = { available: () => there, watch: (onHint) => ((hint = onHint), () => (hint = () => undefined)) };
    const reader = new Reader(relay, clock, { network });
    await clock.advance(1);
    expect(reader.state).toBe("online");

    // The network goes: a socket that still answers stays, one that does not is given up soon.
    hint("went");
    await clock.advance(6_000);
    expect(reader.state).toBe("online");
    there = false;
    relay.away = true;
    relay.deaf = true;
    hint("went");
    await clock.advance(6_000);
    expect(reader.state).toBe("offline no-network");
    await clock.advance(300_000);

    there = true;
    relay.away = false;
    relay.deaf = false;
    const before = relay.connections;
    hint("came");
    await clock.advance(0);
    expect(relay.connections).toBe(before + 1);
    expect(reader.state).toBe("online");
    await reader.feed.stop();
    expect(clock.pending).toBe(0);
  });
});

describe("another board", () => {
  test("is read from its beginning", async () => {
    const { relay, clock, reader } = setUp(5);
    await clock.advance(1);
    relay.reset(2);
    relay.fill(3);
    await clock.advance(10_000);
    expect(reader.seen).toEqual([1, 2, 3, 4, 5, 1, 2, 3]);
    expect(reader.boards).toEqual([2]);
    expect(reader.position).toEqual(at(relay, 3));
  });

  test("that is longer than the old one is read from its beginning too", async () => {
    const { relay, clock, reader } = setUp(2);
    await clock.advance(1);
    relay.reset(2);
    relay.fill(5);
    await clock.advance(10_000);
    expect(reader.seen).toEqual([1, 2, 1, 2, 3, 4, 5]);
    expect(reader.boards).toEqual([2]);
  });

  test("a board that lost its newest cells is read again, and the relay called to account", async () => {
    const { relay, clock, reader } = setUp(5);
    await clock.advance(1);
    relay.breakOff();
    relay.lose(3);
    await clock.advance(10_000);
    expect(reader.seen).toEqual([1, 2, 3, 4, 5, 1, 2, 3]);
    expect(reader.errors.length).toBeGreaterThan(0);
  });

  test("cells that expired unread are reported", async () => {
    const relay = new FakeRelay();
    const clock = new VirtualClock();
    relay.expired = 10;
    relay.fill(2);
    const late = new Reader(relay, clock, { after: at(relay, 5) });
    const inTime = new Reader(relay, clock, { after: at(relay, 10) });
    await clock.advance(1);
    expect([late.expiries, inTime.expiries]).toEqual([1, 0]);
    expect(late.seen).toEqual([11, 12]);
  });
});

describe("a relay that lies", () => {
  const cell = (cursor: number): FeedCell => ({ cursor, tag: new Uint8Array(16), body: new Uint8Array(4096) });
  const lies: Record<string, (relay: FakeRelay) => FakeRelay["twist"]> = {
    "sends cells again": (relay) => once(relay, (event) => event.t === "live" && { t: "cells", id: 1, cells: [cell(2)] }),
    "sends more than was granted": (relay) =>
      once(relay, (event) => event.t === "subscribed" && { t: "cells", id: 1, cells: upTo(60).map(cell) }),
    "sends cells of a subscription that nobody made": (relay) =>
      once(relay, (event) => event.t === "cells" && { t: "cells", id: 7, cells: [cell(1)] }),
    "begins twice": (relay) =>
      once(relay, (event) => event.t === "live" && { t: "subscribed", id: 1, board: relay.board, head: 3, expired: 0 }),
    "is live before it began": (relay) => once(relay, (event) => event.t === "subscribed" && { t: "live", id: 1 }),
    "sends text": (relay) => once(relay, () => "hello"),
    "sends noise": (relay) => once(relay, () => new Uint8Array(100).fill(7)),
    "sends nothing at all": (relay) => once(relay, () => new Uint8Array()),
  };

  test.each(Object.keys(lies))("and %s is left, named, and tried again", async (name) => {
    const relay = new FakeRelay();
    const clock = new VirtualClock();
    relay.fill(3);
    relay.twist = lies[name]!(relay);
    const reader = new Reader(relay, clock);
    await clock.advance(10_000);
    expect(reader.errors.map(({ code }) => code)).toEqual(["relay/misbehaving"]);
    expect(reader.seen).toEqual([1, 2, 3]);
    expect(reader.state).toBe("online");
  });

  test("floods beyond the credit are cut off", async () => {
    const { relay, clock, reader } = setUp();
    reader.take = () => new Promise(() => undefined);
    await clock.advance(1);
    let cursor = 0;
    relay.twist = (event) => (event.t === "cells" ? { ...event, cells: upTo(60).map(() => cell(++cursor)) } : event);
    for (let i = 0; i < 20; i++) relay.fill(1);
    await clock.advance(1);
    expect(reader.errors.map(({ code }) => code)).toEqual(["relay/misbehaving"]);
    expect(relay.sockets.size).toBe(0);
  });

  test("random frames never do more than end the connection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 }), async (frames) => {
        const { relay, clock, reader } = setUp(2);
        relay.twist = (event) => frames.pop() ?? event;
        await clock.advance(200_000);
        expect(reader.seen).toEqual([1, 2]);
        await reader.feed.stop();
      }),
      { numRuns: 40 },
    );
  });
});

describe("stopping", () => {
  test("waits for the listener, then says nothing more", async () => {
    const { relay, clock, reader } = setUp(3);
    let done = (): void => undefined;
    reader.take = () => new Promise((resolve) => (done = resolve));
    await clock.advance(1);
    let stopped = false;
    const stopping = reader.feed.stop().then(() => (stopped = true));
    await clock.advance(1);
    expect(stopped).toBe(false);
    expect(reader.state).toBe("offline closed");
    done();
    await stopping;
    const said = reader.connections.length;
    relay.fill(5);
    reader.feed.retryNow();
    await clock.advance(100_000);
    expect(reader.seen).toEqual([1, 2, 3]);
    expect(reader.connections.length).toBe(said);
    expect(relay.sockets.size).toBe(0);
    expect(clock.pending).toBe(0);
    await reader.feed.stop();
  });

  test("before anything was connected leaves nothing", async () => {
    const { clock, reader, relay } = setUp(3);
    await reader.feed.stop();
    await clock.advance(100_000);
    expect(relay.sockets.size).toBe(0);
    expect(clock.pending).toBe(0);
    expect(reader.seen).toEqual([]);
  });
});
