// Logs and metrics tell an operator how the relay is, and nothing about whom it serves: a relay does everything it can do, and what it wrote is
// searched for every identifier that was in play.

import { blobPath, directoryPath, encodeDirectoryRecord, encodeHandleClaim, handleClaimMessage, handlePath, shardOf } from "@sotto/wire";
import { describe, expect, it } from "vitest";
import { jsonLog, type Relay } from "../src/index.ts";
import { testCell } from "./support/cells.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { append, ask, TestReader, testRelay } from "./support/relay-client.ts";
import { prekeyList } from "./support/prekeys.ts";
import { newSigner, signedBundle, signedList } from "./support/signer.ts";

const HANDLE = "very-secret-handle";
const ADDRESS = "203.0.113.77";
const shard = shardOf(40, Uint8Array.from([0xde, 0xad, 0xbe, 0xef, 0x77, 0, 0, 0]));
const tag = Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i);
const blobId = Uint8Array.from({ length: 32 }, (_, i) => 0xc0 + i);
const account = newSigner();
const device = { id: 1, signer: newSigner() };
const prekeyIds = [0x5ec2e7];

/** Every spelling of an identifier that a careless line could contain. */
function spellings(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [buffer.toString("hex"), buffer.toString("base64url"), buffer.toString("base64"), [...bytes].join(","), buffer.toString("latin1")];
}

/** What must not appear, by name. Prefixes of identifiers count as well. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  tag: [...spellings(tag), ...spellings(tag.subarray(0, 8))],
  shard: spellings(shard.prefix.subarray(0, 5)),
  account: [...spellings(account.key), ...spellings(account.key.subarray(1))],
  device: spellings(device.signer.key),
  prekey: spellings(prekeyList(prekeyIds).subarray(2)),
  handle: [HANDLE],
  blob: spellings(blobId),
  address: [ADDRESS, "127.0.0.1"],
};

/** Names of the identifiers that `text` contains. */
function leaks(text: string): string[] {
  return Object.entries(FORBIDDEN).flatMap(([name, spelled]) => (spelled.some((one) => text.includes(one)) ? [name] : []));
}

async function metricsOf(relay: Relay): Promise<string> {
  return (await fetch(`http://127.0.0.1:${relay.metricsPort}/metrics`)).text();
}

describe("the relay's logs and metrics", () => {
  it("carry no tag, shard, account, device, prekey, handle, blob or address, whatever was asked", async () => {
    const clock = new ManualClock();
    let log = "";
    const relay = await testRelay({ clock, log: jsonLog((line) => (log += line), clock.now), metricsPort: 0, trustProxy: true });
    const headers = { "x-forwarded-for": ADDRESS };
    const put = (path: string, body: Uint8Array): Promise<unknown> =>
      ask(relay, path, { method: "PUT", headers, body: body as Uint8Array<ArrayBuffer> });

    await append(relay, [{ ...testCell(1, { shard }), tag }]);
    await append(relay, [{ ...testCell(2, { shard }), tag }]);
    await put(directoryPath(account.key), encodeDirectoryRecord({ list: signedList(account, [device], 1), bundles: [] }));
    const bundle = signedBundle(account.key, device, clock.now(), { oneTime: prekeyList(prekeyIds) });
    await put(directoryPath(account.key), encodeDirectoryRecord({ list: signedList(account, [device], 1), bundles: [bundle] }));
    const early = signedBundle(account.key, device, clock.now() + 1e9);
    await put(directoryPath(account.key), encodeDirectoryRecord({ list: signedList(account, [device], 1), bundles: [early] }));
    const signature = account.sign(handleClaimMessage(HANDLE, 5));
    await put(handlePath(HANDLE), encodeHandleClaim({ account: account.key, issued: 5, signature }));
    await put(blobPath(blobId), Buffer.from("a blob"));
    for (const path of [directoryPath(account.key), handlePath(HANDLE), blobPath(blobId), `/v1/shards/40/deadbeef77000000/1`]) {
      for (let i = 0; i < 2; i++) await ask(relay, path, { headers });
      await ask(relay, `${path}/more`, { headers });
      await ask(relay, path, { method: "DELETE", headers });
    }
    const reader = await TestReader.open(relay);
    reader.send({ t: "subscribe", id: 1, shard, after: 0, credit: 10 });
    await reader.event("live");
    clock.advance(40 * 24 * 3_600_000);
    const metrics = await metricsOf(relay);
    await relay.stop();

    expect(log).toContain('"event":"listening"');
    expect(log).toContain('"event":"stopped"');
    expect(metrics).toContain('sotto_cells_total{result="stored"} 1');
    expect(metrics).toContain('sotto_requests_total{route="/v1/blobs/:id",status="200"} 2');
    expect(metrics).toContain('sotto_one_time_prekeys_total{result="given"} 1');
    expect(metrics).toContain('sotto_one_time_prekeys_total{result="none-left"} 1');
    expect(leaks(log + metrics)).toEqual([]);
  });

  it("would be caught if they did", () => {
    for (const [name, spelled] of Object.entries(FORBIDDEN)) {
      for (const one of spelled) expect(leaks(`{"event":"failed","where":"${one}"}`)).toContain(name);
    }
  });

  it("are served on the loopback interface alone, and only when asked for", async () => {
    const relay = await testRelay();
    expect(relay.metricsPort).toBeUndefined();
    expect(await ask(relay, "/metrics")).toMatchObject({ status: 404, code: "request/not-found" });
    const measured = await testRelay({ metricsPort: 0 });
    expect(await ask(measured, "/metrics")).toMatchObject({ status: 404 });
    expect((await fetch(`http://127.0.0.1:${measured.metricsPort}/other`)).status).toBe(404);
  });
});
