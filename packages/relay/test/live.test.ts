// The live socket, over a real one: replay, live, credit, refusals, heartbeats, slow readers, stop.

import { encodeLiveRequest, MAX_CREDIT, PINNED_CELL_BYTES, shardOf, WHOLE_BOARD } from "@sotto/wire";
import { describe, expect, it } from "vitest";
import { numberOf, testCell, testCells } from "./support/cells.ts";
import { ManualClock } from "./support/manual-clock.ts";
import type { Relay } from "../src/index.ts";
import { append, ask, TestReader, testRelay } from "./support/relay-client.ts";

const numbers = (cells: readonly { tag: Uint8Array }[]): number[] => cells.map((cell) => numberOf(cell.tag));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe("a reader", () => {
  it("gets what was pinned, hears that it is live, then gets each new cell", async () => {
    const relay = await testRelay();
    await append(relay, testCells(0, 150));
    const reader = await TestReader.open(relay);
    reader.subscribe();
    expect(await reader.event("subscribed")).toMatchObject({ id: 1, head: 150, expired: 0, board: expect.any(Uint8Array) });
    await reader.event("live");
    expect(reader.events.at(-1)).toEqual({ t: "live", id: 1 });
    expect(numbers(reader.cells())).toEqual(upTo(150));
    await append(relay, [testCell(150)]);
    await append(relay, [testCell(150), testCell(151)]);
    await reader.until(() => reader.cells().length === 152);
    expect(numbers(reader.cells())).toEqual(upTo(152));
    expect(reader.cells()[3]?.body).toEqual(testCell(3).body);
  });

  it("goes on after a cursor", async () => {
    const relay = await testRelay();
    await append(relay, testCells(0, 10));
    const reader = await TestReader.open(relay);
    reader.subscribe({ after: 7 });
    await reader.event("live");
    expect(reader.cells().map(({ cursor }) => cursor)).toEqual([8, 9, 10]);
  });

  it("gets no more than its credit, and the rest when it grants more, while cells come in", async () => {
    const relay = await testRelay();
    await append(relay, testCells(0, 20));
    const reader = await TestReader.open(relay);
    reader.subscribe({ credit: 5 });
    await reader.until(() => reader.cells().length === 5);
    await append(relay, testCells(20, 20));
    await reader.settled();
    expect(reader.cells()).toHaveLength(5);
    reader.send({ t: "credit", id: 1, cells: 30 });
    await reader.until(() => reader.cells().length === 35);
    await append(relay, testCells(40, 1));
    await reader.settled();
    expect(reader.cells()).toHaveLength(35);
    reader.send({ t: "credit", id: 1, cells: MAX_CREDIT });
    await reader.until(() => reader.cells().length === 41);
    expect(numbers(reader.cells())).toEqual(upTo(41));
  });

  it("may read several shards, each in its own order", async () => {
    const relay = await testRelay();
    const shard = shardOf(2, new Uint8Array(8).fill(0xff));
    const reader = await TestReader.open(relay);
    reader.subscribe();
    reader.send({ t: "subscribe", id: 2, shard, after: 0, credit: 10 });
    await append(relay, [testCell(1), testCell(2, { shard }), testCell(3), testCell(4, { shard })]);
    await reader.until(() => reader.cells(1).length + reader.cells(2).length === 4);
    expect([numbers(reader.cells(1)), numbers(reader.cells(2))]).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it("gets nothing after it unsubscribed", async () => {
    const relay = await testRelay();
    const reader = await TestReader.open(relay);
    reader.subscribe();
    await reader.event("live");
    reader.send({ t: "unsubscribe", id: 1 });
    await reader.settled();
    await append(relay, [testCell(1)]);
    await reader.settled();
    expect(reader.cells()).toEqual([]);
    reader.subscribe({ id: 1 });
    await reader.until(() => reader.cells().length === 1);
  });

  it("and all others see the same order while many write", async () => {
    const relay = await testRelay();
    const readers = await Promise.all([1, 2, 3].map(() => TestReader.open(relay)));
    for (const [i, reader] of readers.entries()) reader.subscribe({ credit: 40 * (i + 1) });
    const writers = upTo(8).map(async (writer) => {
      for (let n = 0; n < 25; n++) await append(relay, [testCell(writer * 1000 + n)]);
    });
    const granting = readers.map(async (reader) => {
      for (let had = 0; had < 200;) {
        await reader.until(() => reader.cells().length > had);
        const now = reader.cells().length;
        reader.send({ t: "credit", id: 1, cells: now - had });
        had = now;
      }
    });
    await Promise.all([...writers, ...granting]);
    const [first, ...others] = readers.map((reader) => numbers(reader.cells()));
    expect(new Set(first).size).toBe(200);
    for (const other of others) expect(other).toEqual(first);
  });
});

describe("a live socket", () => {
  it("refuses an id in use, too many subscriptions, and an id that is not there, and goes on", async () => {
    const relay = await testRelay({ limits: { subscriptionsPerSocket: 2 } });
    const reader = await TestReader.open(relay);
    for (const id of [1, 1, 2, 3]) reader.subscribe({ id });
    reader.send({ t: "credit", id: 9, cells: 1 });
    reader.send({ t: "unsubscribe", id: 9 });
    await reader.settled();
    const errors = reader.events.flatMap((event) => (event.t === "error" ? [[event.id, event.code]] : []));
    expect(errors).toEqual([
      [1, "live/subscription-exists"],
      [3, "live/too-many-subscriptions"],
      [9, "live/unknown-subscription"],
      [9, "live/unknown-subscription"],
    ]);
    await append(relay, [testCell(1)]);
    await reader.until(() => reader.cells(1).length === 1 && reader.cells(2).length === 1);
  });

  it("names its board before it refuses a cursor of another one", async () => {
    const relay = await testRelay();
    await append(relay, testCells(0, 3));
    const reader = await TestReader.open(relay);
    reader.subscribe({ after: 4 });
    await reader.event("error");
    expect(reader.events).toMatchObject([
      { t: "subscribed", head: 3 },
      { t: "error", id: 1, code: "live/cursor-ahead" },
    ]);
    reader.subscribe({ after: 3 });
    await reader.event("live");
  });

  it.each([
    ["text", (reader: TestReader) => reader.socket.send("hello")],
    ["no CBOR", (reader: TestReader) => reader.socket.send(Buffer.from([0xff, 0xff]))],
    ["a prefix beyond its bits", (reader: TestReader) => reader.socket.send(subscribeWithPrefix(1))],
    ["a frame too many bytes long", (reader: TestReader) => reader.socket.send(Buffer.alloc(1000))],
  ])("is closed with the reason for %s", async (_, send) => {
    const relay = await testRelay();
    const reader = await TestReader.open(relay);
    send(reader);
    await reader.until(() => reader.closed !== undefined);
    const error = reader.events.find((event) => event.t === "error");
    expect(error).toMatchObject({ code: expect.stringMatching(/^frame\//) });
    expect(reader.closed).toEqual({ code: 1008, reason: (error as { code: string }).code });
  });

  it("is closed for a huge message without reading it", async () => {
    const relay = await testRelay();
    const reader = await TestReader.open(relay);
    reader.socket.send(Buffer.alloc(10_000_000));
    await reader.until(() => reader.closed !== undefined);
    expect(reader.closed?.code).not.toBe(1000);
  });

  it("is closed for a flood of frames", async () => {
    const relay = await testRelay({ limits: { liveFrames: { burst: 20, perSecond: 1 } } });
    const reader = await TestReader.open(relay);
    for (let i = 0; i < 21; i++) reader.send({ t: "ping" });
    await reader.until(() => reader.closed !== undefined);
    expect(reader.closed).toEqual({ code: 1013, reason: "relay/rate-limited" });
    expect(reader.events.filter((event) => event.t === "pong")).toHaveLength(20);
  });

  it("is pinged, and ended when it is silent", async () => {
    const clock = new ManualClock();
    const relay = await testRelay({ clock, limits: { heartbeatMs: 1000 } });
    const reader = await TestReader.open(relay);
    await reader.settled();
    const pinged = new Promise((resolve) => reader.socket.once("ping", resolve));
    clock.advance(1000);
    await pinged;
    // A client whose machine is gone: its socket answers nothing.
    reader.socket.pause();
    clock.advance(1000);
    clock.advance(1000);
    clock.advance(1001);
    reader.socket.resume();
    await reader.until(() => reader.closed !== undefined);
    expect(reader.closed?.code).toBe(1006);
  });

  it("that does not read is not written to beyond a bound, then dropped; it loses nothing by it", async () => {
    const clock = new ManualClock();
    const limits = { socketBufferBytes: 100_000, slowReaderMs: 3000, heartbeatMs: 2000 };
    const relay = await testRelay({ clock, limits, metricsPort: 0 });
    for (let n = 0; n < 4096; n += 256) await append(relay, testCells(n, 256));
    const reader = await TestReader.open(relay);
    reader.subscribe({ credit: MAX_CREDIT });
    await reader.event("subscribed");
    reader.socket.pause();
    // The kernel's buffers take some megabytes of the seventeen.
    expect(await stalledAt(relay)).toBeLessThan(4000 * PINNED_CELL_BYTES);
    clock.advance(2000);
    clock.advance(2000);
    expect(await metric(relay, 'sotto_live_ended_total{reason="live/too-slow"}')).toBe(1);
    reader.socket.resume();
    await reader.until(() => reader.closed !== undefined);
    const got = reader.cells();
    const again = await TestReader.open(relay);
    again.subscribe({ after: got.at(-1)?.cursor ?? 0, credit: MAX_CREDIT });
    await again.event("live");
    expect(numbers([...got, ...again.cells()])).toEqual(upTo(4096));
  });

  it("hears why when the relay stops", async () => {
    const relay = await testRelay();
    const reader = await TestReader.open(relay);
    reader.subscribe();
    await reader.event("live");
    await relay.stop();
    await reader.until(() => reader.closed !== undefined);
    expect(reader.closed).toEqual({ code: 1001, reason: "relay/stopping" });
    expect(reader.events.at(-1)).toMatchObject({ t: "error", code: "relay/stopping", retryAfter: 5 });
  });

  it("that does not answer the closing does not hold the relay up", async () => {
    const relay = await testRelay({ limits: { stopMs: 50 } });
    const reader = await TestReader.open(relay);
    reader.socket.pause();
    await relay.stop();
    expect(reader.closed).toBeUndefined();
    reader.socket.resume();
    await reader.until(() => reader.closed !== undefined);
  });

  it("hears that it is subscribed before anything else, also when it grants credit at once", async () => {
    const relay = await testRelay();
    await append(relay, testCells(0, 10));
    const reader = await TestReader.open(relay);
    reader.subscribe({ credit: 1 });
    reader.send({ t: "credit", id: 1, cells: 100 });
    await reader.event("live");
    expect(reader.events.map(({ t }) => t)).toEqual(["subscribed", ...reader.events.slice(1, -1).map(() => "cells"), "live"]);
    expect(numbers(reader.cells())).toEqual(upTo(10));
  });

  it("is only where it is", async () => {
    const relay = await testRelay();
    await expect(TestReader.open({ ...relay, url: `${relay.url}/elsewhere` })).rejects.toThrow("404");
  });
});

describe("a million tiny subscriptions", () => {
  it("are bounded by socket and address, with a reason", async () => {
    const relay = await testRelay({ limits: { connectionsPerAddress: 20, subscriptionsPerSocket: 16 } });
    const readers = await Promise.all(upTo(15).map(() => TestReader.open(relay)));
    for (const reader of readers) for (let id = 0; id < 200; id++) reader.subscribe({ id });
    await Promise.all(readers.map((reader) => reader.settled()));
    const granted = readers.flatMap((reader) => reader.events.filter((event) => event.t === "subscribed"));
    expect(granted.length).toBeLessThanOrEqual(15 * 16);
    const refused = await Promise.allSettled(upTo(10).map(() => TestReader.open(relay)));
    expect(refused.filter(({ status }) => status === "rejected").length).toBeGreaterThanOrEqual(5);
    for (const reader of readers) reader.socket.terminate();
  });
});

function subscribeWithPrefix(bit: number): Uint8Array {
  const frame = encodeLiveRequest({ t: "subscribe", id: 1, shard: WHOLE_BOARD, after: 0 });
  const prefix = frame.length - 8;
  const at = Buffer.from(frame).indexOf(Buffer.from("prefix")) + "prefix".length + 1;
  frame[at < prefix ? at : prefix] = bit;
  return frame;
}

/** Bytes of cells that the relay has sent when it sends no more: unchanged while it answered requests that pass through its store. */
async function stalledAt(relay: Relay): Promise<number> {
  for (let before = -1, unchanged = 0; ;) {
    await ask(relay, "/readyz");
    const now = await metric(relay, "sotto_live_bytes_sent_total");
    unchanged = now === before && now > 0 ? unchanged + 1 : 0;
    if (unchanged === 10) return now;
    before = now;
  }
}

/** One number of the relay's metrics; 0 if it is not there yet. */
async function metric(relay: Relay, series: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${relay.metricsPort}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}
