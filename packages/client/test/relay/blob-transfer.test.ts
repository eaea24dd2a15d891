// Blobs over a connection that breaks: nothing is sent twice for long, nothing is lost, and a relay that makes no progress is given up.

import { decodeContentRange, encodeFrame, MAX_BLOB_PART_BYTES, WireError } from "@sotto/wire";
import { describe, expect, test } from "vitest";
import { RelayClient } from "../../src/relay/relay-client.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { FakeRelay } from "../support/fake-relay.ts";

const ID = new Uint8Array(32).fill(9);

/** Keeps one blob, part by part; `trouble` may stand in for the answer to the n-th request. */
class BlobRelay {
  stored = new Uint8Array();
  readonly asked: string[] = [];
  trouble: (n: number, method: string) => Response | "break" | "break after" | undefined = () => undefined;

  readonly fetch = async (_: string, init: RequestInit): Promise<Response> => {
    const method = init.method!;
    const header = new Headers(init.headers);
    this.asked.push(`${method} ${header.get("content-range") ?? header.get("range") ?? ""}`.trim());
    const trouble = this.trouble(this.asked.length, method);
    if (trouble === "break") throw new TypeError("connection reset");
    if (trouble instanceof Response) return trouble;
    const answer = method === "PUT" ? this.#put(header, init.body as Uint8Array) : method === "HEAD" ? this.#head() : this.#get(header);
    if (trouble === "break after") throw new TypeError("connection reset");
    return answer;
  };

  #put(header: Headers, part: Uint8Array): Response {
    const { first, size } = decodeContentRange(header.get("content-range")!);
    if (first !== this.stored.length) return FakeRelay.failure(new WireError("blob/offset", "elsewhere"));
    this.stored = new Uint8Array(Buffer.concat([this.stored, part]));
    return new Response(encodeFrame({ received: this.stored.length, size }) as Uint8Array<ArrayBuffer>, { status: 202 });
  }

  #head(): Response {
    if (this.stored.length === 0) return new Response(null, { status: 404 });
    return new Response(null, { headers: { "upload-offset": String(this.stored.length) } });
  }

  #get(header: Headers): Response {
    const first = Number(/bytes=(\d+)-/.exec(header.get("range") ?? "")?.[1] ?? 0);
    return new Response(this.stored.slice(first), { status: first === 0 ? 200 : 206 });
  }
}

function setUp(): { fake: BlobRelay; relay: RelayClient; clock: VirtualClock } {
  const [fake, clock] = [new BlobRelay(), new VirtualClock()];
  const transport = { fetch: fake.fetch, webSocket: () => Promise.reject(new Error()) as never };
  return { fake, relay: new RelayClient({ relay: "http://fake.test", transport, clock }), clock };
}

/** Lets pauses pass until the promise settles. */
async function settled<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const waiting = { for: true };
  void promise.finally(() => (waiting.for = false)).catch(() => undefined);
  while (waiting.for) {
    await new Promise(setImmediate);
    await clock.advance(1000);
  }
  return await promise;
}

/** Three parts, none like another. */
const blob = new Uint8Array(2 * MAX_BLOB_PART_BYTES + 5).map((_, i) => i ^ (i >> 8));

describe("upload", () => {
  test("is in parts", async () => {
    const { fake, relay, clock } = setUp();
    await settled(clock, relay.putBlob(ID, blob));
    expect(Buffer.compare(fake.stored, blob)).toBe(0);
    expect(fake.asked.length).toBe(3);
  });

  test("goes on where it stopped, whether the last part had arrived or not", async () => {
    for (const how of ["break", "break after"] as const) {
      const { fake, relay, clock } = setUp();
      fake.trouble = (n) => (n === 2 ? how : undefined);
      await settled(clock, relay.putBlob(ID, blob));
      expect(Buffer.compare(fake.stored, blob)).toBe(0);
      const parts = fake.asked.filter((request) => request.startsWith("PUT"));
      expect(parts.length).toBe(how === "break" ? 4 : 3);
      expect(fake.asked.filter((request) => request === "HEAD").length).toBe(1);
    }
  });

  test("waits as long as the relay asks for", async () => {
    const { fake, relay, clock } = setUp();
    const begun = clock.now();
    fake.trouble = (n) => (n === 1 ? FakeRelay.failure(new WireError("relay/rate-limited", "slowly", { retryAfter: 40 })) : undefined);
    await settled(clock, relay.putBlob(ID, new Uint8Array(10)));
    expect(clock.now() - begun).toBeGreaterThanOrEqual(40_000);
    expect(fake.asked.length).toBe(3);
  });

  test("of which the relay holds a part already goes on there", async () => {
    const { fake, relay, clock } = setUp();
    fake.stored = blob.slice(0, MAX_BLOB_PART_BYTES);
    await settled(clock, relay.putBlob(ID, blob));
    expect(Buffer.compare(fake.stored, blob)).toBe(0);
  });

  test("is given up when nothing gets through, and when other bytes are there", async () => {
    const { fake, relay, clock } = setUp();
    fake.trouble = () => "break";
    await expect(settled(clock, relay.putBlob(ID, blob))).rejects.toMatchObject({ code: "relay/unreachable" });
    expect(fake.asked.length).toBe(3);
    fake.trouble = () => FakeRelay.failure(new WireError("blob/conflict", "other bytes"));
    await expect(settled(clock, relay.putBlob(ID, blob))).rejects.toMatchObject({
      code: "relay/rejected",
      details: { code: "blob/conflict" },
    });
    expect(fake.asked.length).toBe(4);
  });

  test("that never grows is the relay's lie", async () => {
    const { fake, relay, clock } = setUp();
    fake.trouble = () => new Response(encodeFrame({ received: 0, size: blob.length }) as Uint8Array<ArrayBuffer>);
    await expect(settled(clock, relay.putBlob(ID, blob))).rejects.toMatchObject({ code: "relay/misbehaving" });
  });

  test("of nothing, or of too much, is refused here", async () => {
    const { fake, relay } = setUp();
    await expect(relay.putBlob(ID, new Uint8Array())).rejects.toMatchObject({ code: "argument/invalid" });
    await expect(relay.putBlob(ID, { length: 100_000_001 } as Uint8Array)).rejects.toMatchObject({ code: "argument/invalid" });
    expect(fake.asked).toEqual([]);
  });
});

describe("download", () => {
  /** An answer that breaks off after some bytes. */
  const broken = (part: Uint8Array): Response => {
    let given = false;
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      if (given) controller.error(new TypeError("connection reset"));
      else controller.enqueue(part);
      given = true;
    };
    return new Response(new ReadableStream({ pull }));
  };

  test("goes on where it broke off", async () => {
    const { fake, relay, clock } = setUp();
    fake.stored = blob.slice(0, 1000);
    fake.trouble = (n) => (n === 1 ? broken(fake.stored.slice(0, 300)) : undefined);
    expect(await settled(clock, relay.getBlob(ID))).toEqual(fake.stored);
    expect(fake.asked).toEqual(["GET", "GET bytes=300-"]);
  });

  test("is not mixed up when the relay sends the whole instead of the rest", async () => {
    const { fake, relay, clock } = setUp();
    fake.stored = blob.slice(0, 1000);
    fake.trouble = (n) => (n === 1 ? broken(fake.stored.slice(0, 300)) : new Response(fake.stored));
    await expect(settled(clock, relay.getBlob(ID))).rejects.toMatchObject({ code: "relay/misbehaving" });
  });

  test("is given up when nothing comes", async () => {
    const { fake, relay, clock } = setUp();
    fake.trouble = () => "break";
    await expect(settled(clock, relay.getBlob(ID))).rejects.toMatchObject({ code: "relay/unreachable" });
    expect(fake.asked.length).toBe(3);
  });

  test("is cancelled during a pause", async () => {
    const { fake, relay, clock } = setUp();
    fake.trouble = () => "break";
    const stop = new AbortController();
    const failed = relay.getBlob(ID, { signal: stop.signal });
    failed.catch(() => undefined);
    await clock.advance(10);
    stop.abort();
    await expect(failed).rejects.toMatchObject({ code: "aborted" });
    expect(clock.pending).toBe(0);
  });
});
