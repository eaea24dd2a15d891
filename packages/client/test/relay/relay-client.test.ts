// The HTTP side against answers of all kinds: right ones, refusals, silence, lies and noise. Time is virtual, the network is a function.

import { decodeDirectoryRecord, encodeFoundRecord, encodeFrame, encodeInfo, WireError, wireErrors, type WireErrorCode } from "@sotto/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessengerError } from "../../src/errors.ts";
import { RelayClient } from "../../src/relay/relay-client.ts";
import { httpBase, webSocketBase } from "../../src/relay/relay-url.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { FakeRelay } from "../support/fake-relay.ts";

type Answer = (url: string, init: RequestInit) => Promise<Response> | Response;

function setUp(answer: Answer): { relay: RelayClient; clock: VirtualClock; asked: { url: string; init: RequestInit }[] } {
  const clock = new VirtualClock();
  const asked: { url: string; init: RequestInit }[] = [];
  const transport = {
    fetch: async (url: string, init: RequestInit) => {
      asked.push({ url, init });
      return await answer(url, init);
    },
    webSocket: () => {
      throw new Error("not asked for");
    },
  };
  return { relay: new RelayClient({ relay: "wss://relay.test/", transport, clock }), clock, asked };
}

const record = (n = 1) => ({
  shard: { bits: 0, prefix: new Uint8Array(8) },
  tag: new Uint8Array(16).fill(n),
  body: new Uint8Array(4096).fill(n),
});
const bytes = (body: Uint8Array, init?: ResponseInit): Response => new Response(body as Uint8Array<ArrayBuffer>, init);
const info = { protocol: 1, board: new Uint8Array(16), bits: 0, retentionMs: 1, blobRetentionMs: 1, segmentMs: 1, build: "test" };
const limits = { appendRecords: 1, subscriptions: 1, blobBytes: 1, blobPartBytes: 1 };

async function errorOf(promise: Promise<unknown>): Promise<MessengerError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MessengerError);
  return error as MessengerError;
}

describe("a request", () => {
  test("tells the relay nothing about who asks", async () => {
    const { relay, asked } = setUp(() => bytes(encodeInfo({ ...info, limits })));
    await relay.info();
    expect(asked[0]?.url).toBe("https://relay.test/v1/info");
    expect(asked[0]?.init).toMatchObject({ credentials: "omit", referrerPolicy: "no-referrer", redirect: "error", cache: "no-store" });
  });

  test("appends one cell at a time, and says what became of it", async () => {
    const fake = new FakeRelay();
    const relay = new RelayClient({ relay: fake.url, transport: fake.transport, clock: new VirtualClock() });
    expect(await relay.append(record())).toBe("stored");
    expect(await relay.append(record())).toBe("duplicate");
    expect(await relay.append({ ...record(), body: new Uint8Array(4096) })).toBe("conflict");
    expect(fake.cells.length).toBe(1);
  });

  test("ends after its time", async () => {
    const { relay, clock } = setUp(
      (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    const failed = errorOf(relay.info());
    await clock.advance(19_999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await failed).toMatchObject({ code: "relay/unreachable", retryable: true });
    expect(clock.pending).toBe(0);
  });

  test("ends after its time even in the middle of an answer", async () => {
    const { relay, clock } = setUp((_, { signal }) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(new Uint8Array(1));
          signal?.addEventListener("abort", () => controller.error(signal.reason));
        },
      });
      return new Response(body);
    });
    const failed = errorOf(relay.info());
    await clock.advance(20_000);
    expect(await failed).toMatchObject({ code: "relay/unreachable" });
  });

  test("is cancelled before and during", async () => {
    const stop = new AbortController();
    const { relay, asked, clock } = setUp(
      (_, { signal }) => new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    );
    const failed = errorOf(relay.append(record(), { signal: stop.signal }));
    await clock.advance(0);
    stop.abort();
    expect(await failed).toMatchObject({ code: "aborted", retryable: false });
    expect(await errorOf(relay.append(record(), { signal: stop.signal }))).toMatchObject({ code: "aborted" });
    expect(asked.length).toBe(1);
    expect(clock.pending).toBe(0);
  });
});

describe("a failure", () => {
  test("of the network can be tried again", async () => {
    const { relay } = setUp(() => Promise.reject(new TypeError("fetch failed")));
    expect(await errorOf(relay.info())).toMatchObject({ code: "relay/unreachable", retryable: true, blame: "relay" });
  });

  test.each(Object.keys(wireErrors) as WireErrorCode[])("%s says whether it can be tried again", async (code) => {
    const { relay } = setUp(() => FakeRelay.failure(new WireError(code, "because")));
    const error = await errorOf(relay.append(record()));
    expect(error.retryable).toBe(wireErrors[code].retryable || wireErrors[code].status === 429);
    if (!error.retryable) expect(error).toMatchObject({ code: "relay/rejected", details: { status: wireErrors[code].status, code } });
  });

  test("says how long to wait, within reason", async () => {
    const asking = async (retryAfter: number): Promise<MessengerError> =>
      await errorOf(setUp(() => FakeRelay.failure(new WireError("relay/rate-limited", "slowly", { retryAfter }))).relay.info());
    expect(await asking(7)).toMatchObject({ code: "relay/rate-limited", details: { retryAfter: 7_000 } });
    expect(await asking(1e9)).toMatchObject({ details: { retryAfter: 3_600_000 } });
  });

  test.each([
    [502, "relay/busy"],
    [503, "relay/busy"],
    [429, "relay/rate-limited"],
    [426, "relay/upgrade-required"],
    [404, "relay/rejected"],
    [403, "relay/rejected"],
  ])("of something in between (status %i) is %s", async (status, code) => {
    const { relay } = setUp(() => new Response("<html>captive portal</html>", { status }));
    expect(await errorOf(relay.info())).toMatchObject({ code });
  });

  test("to find somebody is no error, and a taken handle has its own", async () => {
    const account = new Uint8Array(33).fill(5);
    const missing = (code: WireErrorCode) => setUp(() => FakeRelay.failure(new WireError(code, "no"))).relay;
    expect(await missing("directory/not-found").getRecord(account)).toBeUndefined();
    expect(await missing("handle/not-found").getHandle("alice")).toBeUndefined();
    expect(await missing("blob/not-found").getBlob(new Uint8Array(32))).toBeUndefined();
    const claim = { account, issued: 1, signature: new Uint8Array(64) };
    expect(await errorOf(missing("handle/taken").putHandle("alice", claim))).toMatchObject({
      code: "address/handle-taken",
      details: { handle: "alice" },
    });
    // A relay, or what stands in for it, that knows none of these paths.
    const nowhere = setUp(() => new Response("not found", { status: 404 })).relay;
    expect(await errorOf(nowhere.getRecord(account))).toMatchObject({ code: "relay/rejected" });
  });
});

describe("a directory record", () => {
  const account = new Uint8Array(33).fill(5);
  const found = {
    list: Uint8Array.of(1),
    bundles: [{ bytes: Uint8Array.of(2), oneTime: { list: Uint8Array.of(3), taken: 1 } }, { bytes: Uint8Array.of(4) }],
  };

  test("uses up prekeys only where it is asked for", async () => {
    const { relay, asked } = setUp(() => bytes(encodeFoundRecord(found)));
    expect(await relay.getRecord(account)).toEqual(found);
    expect(await relay.getRecord(account, { peek: true })).toEqual(found);
    expect(await relay.getRecord(account, { peek: false })).toEqual(found);
    expect(asked.map(({ url }) => new URL(url).search)).toEqual(["", "?peek", ""]);
  });

  test("is published with its one-time prekeys", async () => {
    const { relay, asked } = setUp(() => bytes(encodeFrame({})));
    const brought = {
      list: Uint8Array.of(1),
      bundles: [{ bytes: Uint8Array.of(2), oneTime: Uint8Array.of(3) }, { bytes: Uint8Array.of(4) }],
    };
    await relay.putRecord(account, brought);
    expect(asked[0]?.init.method).toBe("PUT");
    expect(decodeDirectoryRecord(asked[0]?.init.body as Uint8Array)).toEqual(brought);
  });
});

describe("a lie", () => {
  test("is a misbehaviour of the relay, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
        const { relay } = setUp(() => bytes(noise));
        const calls = [relay.info(), relay.append(record()), relay.getRecord(new Uint8Array(33).fill(5)), relay.getHandle("alice")];
        for (const call of calls) expect(await errorOf(call)).toMatchObject({ code: "relay/misbehaving" });
      }),
      { numRuns: 50 },
    );
  });

  test("of any length is cut off", async () => {
    let sent = 0;
    const endless = (): Response =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(((sent += 4096), 4096))) }));
    const { relay } = setUp(endless);
    expect(await errorOf(relay.info())).toMatchObject({ code: "relay/misbehaving" });
    expect(sent).toBeLessThan(100_000);
    expect(await errorOf(relay.getBlob(new Uint8Array(32), { maxBytes: 10_000 }))).toMatchObject({ code: "relay/misbehaving" });
  });

  test("that was cut off holds no connection", async () => {
    const { relay, asked } = setUp(() => bytes(new Uint8Array(1_000_000)));
    await errorOf(relay.info());
    expect(asked[0]?.init.signal?.aborted).toBe(true);
  });

  test("about how many cells were stored", async () => {
    const two = encodeFrame({ results: ["stored", "stored"] });
    expect(await errorOf(setUp(() => bytes(two)).relay.append(record()))).toMatchObject({ code: "relay/misbehaving" });
  });

  test("another version of the contract is not guessed at", async () => {
    const { relay } = setUp(() => bytes(encodeInfo({ ...info, protocol: 2, limits })));
    expect(await errorOf(relay.info())).toMatchObject({ code: "relay/upgrade-required" });
  });
});

test("a relay's address may be written for HTTP or for WebSocket, with a path or without", () => {
  expect(httpBase("wss://relay.test")).toBe("https://relay.test");
  expect(httpBase("ws://localhost:8787/")).toBe("http://localhost:8787");
  expect(webSocketBase("https://relay.test/sotto/")).toBe("wss://relay.test/sotto");
  expect(webSocketBase(new URL("http://[::1]:1"))).toBe("ws://[::1]:1");
  for (const wrong of ["relay.test", "ftp://relay.test", "", "javascript:alert(1)"]) {
    expect(() => httpBase(wrong)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  }
});
