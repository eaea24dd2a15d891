// Blobs over HTTP: parts, resuming, ranges, write-once, bounds, expiry, restarts.

import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { blobPath, decodeBlobState, encodeContentRange, MAX_BLOB_BYTES, MAX_BLOB_PART_BYTES } from "@sotto/wire";
import { describe, expect, it } from "vitest";
import type { Relay } from "../src/index.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { ask, type TestAnswer, testRelay } from "./support/relay-client.ts";
import { temporaryDirectory } from "./support/temporary.ts";

const id = new Uint8Array(32).fill(7);
const blob = randomBytes(300_000);

function put(relay: Relay, bytes: Uint8Array, range?: [first: number, size: number]): Promise<TestAnswer> {
  const headers: Record<string, string> = {};
  if (range) headers["content-range"] = encodeContentRange({ first: range[0], last: range[0] + bytes.length - 1, size: range[1] });
  return ask(relay, blobPath(id), { method: "PUT", body: bytes as Uint8Array<ArrayBuffer>, headers });
}

async function offset(relay: Relay): Promise<unknown> {
  const { status, headers } = await ask(relay, blobPath(id), { method: "HEAD" });
  return status === 200 ? [headers.get("upload-offset"), headers.get("upload-length"), headers.get("upload-complete")] : status;
}

describe("a blob", () => {
  it("is uploaded at once, and downloaded whole or in ranges", async () => {
    const relay = await testRelay();
    expect(await offset(relay)).toBe(404);
    const stored = await put(relay, blob);
    expect([stored.status, decodeBlobState(stored.body)]).toEqual([201, { received: 300_000, size: 300_000 }]);
    expect(await offset(relay)).toEqual(["300000", "300000", "?1"]);
    const whole = await ask(relay, blobPath(id));
    expect(Buffer.compare(whole.body, blob)).toBe(0);
    expect(whole.headers.get("cache-control")).toContain("immutable");
    const middle = await ask(relay, blobPath(id), { headers: { range: "bytes=100-199" } });
    expect([middle.status, middle.headers.get("content-range")]).toEqual([206, "bytes 100-199/300000"]);
    expect(Buffer.compare(middle.body, blob.subarray(100, 200))).toBe(0);
    const rest = await ask(relay, blobPath(id), { headers: { range: "bytes=299990-" } });
    expect(Buffer.compare(rest.body, blob.subarray(299_990))).toBe(0);
    for (const range of ["bytes=300000-", "bytes=5-4", "bytes=-5", "bytes=0-1,3-4", "lines=1-2"]) {
      expect(await ask(relay, blobPath(id), { headers: { range } })).toMatchObject({ status: 416, code: "blob/range" });
    }
  });

  it("is uploaded in parts, also over a restart; until it is complete nobody reads it", async () => {
    const dataDir = temporaryDirectory();
    const relay = await testRelay({ dataDir });
    const first = await put(relay, blob.subarray(0, 100_000), [0, 300_000]);
    expect([first.status, decodeBlobState(first.body)]).toEqual([202, { received: 100_000, size: 300_000 }]);
    expect(await ask(relay, blobPath(id))).toMatchObject({ status: 404, code: "blob/not-found" });
    await relay.stop();

    const again = await testRelay({ dataDir });
    expect(await offset(again)).toEqual(["100000", "300000", "?0"]);
    expect(await put(again, blob.subarray(200_000), [200_000, 300_000])).toMatchObject({ status: 409, code: "blob/offset" });
    expect((await put(again, blob.subarray(100_000, 200_000), [100_000, 300_000])).status).toBe(202);
    expect((await put(again, blob.subarray(200_000), [200_000, 300_000])).status).toBe(201);
    expect(Buffer.compare((await ask(again, blobPath(id))).body, blob)).toBe(0);
    expect(readdirSync(join(dataDir, "blobs", "07"))).toEqual([`${"07".repeat(32)}.blob`]);
  });

  it("takes a repeated part as done, and refuses another one in its place", async () => {
    const relay = await testRelay();
    const part = blob.subarray(0, 100_000);
    await put(relay, part, [0, 300_000]);
    const repeated = await put(relay, part, [0, 300_000]);
    expect(decodeBlobState(repeated.body)).toEqual({ received: 100_000, size: 300_000 });
    expect(await put(relay, part.subarray(5), [0, 300_000])).toMatchObject({ code: "blob/conflict" });
    expect(await put(relay, part, [0, 300_001])).toMatchObject({ status: 409, code: "blob/conflict" });
    expect(await put(relay, blob.subarray(0, 100_001), [0, 300_000])).toMatchObject({ code: "blob/offset" });
    await put(relay, blob.subarray(100_000), [100_000, 300_000]);
    expect((await put(relay, blob)).status).toBe(201);
    const other = Buffer.from(blob);
    other[299_999] = (other[299_999] as number) ^ 1;
    expect(await put(relay, other)).toMatchObject({ status: 409, code: "blob/conflict" });
    expect(Buffer.compare((await ask(relay, blobPath(id))).body, blob)).toBe(0);
  });

  it("is refused without bytes, with another length than it says, and beyond its bounds", async () => {
    const relay = await testRelay();
    expect(await put(relay, new Uint8Array(0))).toMatchObject({ status: 400, code: "frame/invalid" });
    const lie = { "content-range": "bytes 0-9/20" };
    expect(await ask(relay, blobPath(id), { method: "PUT", body: "12345", headers: lie })).toMatchObject({ code: "frame/invalid" });
    expect(await put(relay, new Uint8Array(MAX_BLOB_PART_BYTES + 1))).toMatchObject({ status: 413, code: "blob/too-large" });
    expect(await put(relay, new Uint8Array(10), [0, MAX_BLOB_BYTES + 1])).toMatchObject({ status: 413, code: "blob/too-large" });
    expect(await ask(relay, "/v1/blobs/short", { method: "PUT", body: "x" })).toMatchObject({ code: "frame/invalid" });
    expect(await offset(relay)).toBe(404);
  });

  it("finds no room beyond what all blobs may take", async () => {
    const relay = await testRelay({ limits: { blobsBytes: 350_000 } });
    expect(await put(relay, blob.subarray(0, 100_000), [0, 400_000])).toMatchObject({ status: 202 });
    expect(await put(relay, blob, [100_000, 400_000])).toMatchObject({ status: 507, code: "blob/full" });
    expect(await offset(relay)).toEqual(["100000", "400000", "?0"]);
  });

  it("keeps the rate of an address", async () => {
    const relay = await testRelay({ limits: { blobBytes: { burst: 500_000, perSecond: 1000 } } });
    await put(relay, blob);
    expect(await put(relay, blob)).toMatchObject({ status: 429, code: "relay/rate-limited", retryAfter: expect.any(Number) });
  });

  it("is gone after its time, and so is an upload that nobody finished", async () => {
    const clock = new ManualClock();
    const dataDir = temporaryDirectory();
    const expired: unknown[] = [];
    const limits = { blobRetentionMs: 3_600_000, blobsBytes: 350_000 };
    const relay = await testRelay({ clock, dataDir, limits, log: (entry) => entry.event === "expired" && expired.push(entry) });
    await put(relay, blob.subarray(0, 100_000), [0, 400_000]);
    clock.advance(3_599_000);
    expect(await offset(relay)).toEqual(["100000", "400000", "?0"]);
    // A look that is under way while time moves is not begun again: later ones find what it missed.
    while (expired.length === 0) {
      clock.advance(60_000);
      await offset(relay);
    }
    expect(expired).toEqual([{ event: "expired", cells: 0, blobs: 1 }]);
    expect(await offset(relay)).toBe(404);
    expect(readdirSync(join(dataDir, "blobs", "07"))).toEqual([]);
    expect((await put(relay, blob)).status).toBe(201);
  });
});
