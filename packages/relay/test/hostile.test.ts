// What strangers send to break a relay: each gets a typed answer or a closed socket, nothing is changed, and the next honest request works.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  APPEND_RECORD_BYTES,
  decodeFailure,
  decodeFoundRecord,
  directoryPath,
  encodeAppend,
  encodeDirectoryRecord,
  encodeFrame,
  MAX_APPEND_RECORDS,
  MAX_DIRECTORY_RECORD_BYTES,
  type PublishedBundle,
} from "@sotto/wire";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Relay, startRelay } from "../src/index.ts";
import { numberOf, testCell } from "./support/cells.ts";
import { numbers, prekeyList } from "./support/prekeys.ts";
import { append, ask, TestReader, testRelay } from "./support/relay-client.ts";
import { bundleWithHash, newSigner, signedBundle, signedList } from "./support/signer.ts";

/** A plain socket to the relay. */
async function rawSocket(to: Relay): Promise<Socket> {
  const socket = connect(to.port, "127.0.0.1");
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** All that comes until the socket is closed: the status, and the code of the failure. */
async function answerOf(socket: Socket): Promise<{ status: number; code: string | undefined }> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  const all = Buffer.concat(chunks);
  const body = all.subarray(all.indexOf("\r\n\r\n") + 4);
  return { status: Number(all.subarray(9, 12)), code: body.length > 0 ? decodeFailure(body).code : undefined };
}

/** The relay that most of them meet. */
let directory: string;
let relay: Relay;
/** Cells that a relay has acknowledged. */
const acknowledged = new Map<Relay, number>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "sotto-hostile-"));
  relay = await withOneCell(await startRelay({ dataDir: directory, port: 0 }));
});

afterAll(async () => {
  await relay.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function withOneCell(fresh: Relay): Promise<Relay> {
  await append(fresh, [testCell(0)]);
  acknowledged.set(fresh, 1);
  return fresh;
}

/** The board has exactly the cells that were acknowledged, and takes another. */
async function expectUnharmed(met: Relay): Promise<void> {
  const reader = await TestReader.open(met);
  reader.subscribe();
  await reader.event("live");
  const count = acknowledged.get(met) ?? 0;
  expect(reader.cells().map((cell) => numberOf(cell.tag))).toEqual(Array.from({ length: count }, (_, n) => n));
  expect(await append(met, [testCell(count)])).toEqual(["stored"]);
  acknowledged.set(met, count + 1);
}

const record = encodeAppend([testCell(1_000_000)]);

describe("an append request", () => {
  it.each([
    ["no bytes", new Uint8Array(0), 400, "frame/invalid"],
    ["half a record", record.subarray(0, 2000), 400, "frame/invalid"],
    ["a good record and a torn one", Buffer.concat([record, record.subarray(1)]), 400, "frame/invalid"],
    ["a good record and one with 65 bits", Buffer.concat([record, record.with(0, 65)]), 400, "frame/invalid"],
    ["a prefix beyond its bits", record.with(1, 1), 400, "frame/invalid"],
    ["a record too many", new Uint8Array((MAX_APPEND_RECORDS + 1) * APPEND_RECORD_BYTES), 413, "frame/too-large"],
    ["a hundred megabytes", new Uint8Array(100_000_000), 413, "frame/too-large"],
  ])("of %s is refused", async (_, body, status, code) => {
    expect(await ask(relay, "/v1/cells", { method: "POST", body: body as Uint8Array<ArrayBuffer> })).toMatchObject({ status, code });
    await expectUnharmed(relay);
  });

  it("that is a compressed bomb is not unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(APPEND_RECORD_BYTES * 200));
    const answer = await ask(relay, "/v1/cells", { method: "POST", body: bomb, headers: { "content-encoding": "gzip" } });
    expect(answer).toMatchObject({ status: 400, code: "frame/invalid" });
    await expectUnharmed(relay);
  });

  it("of unknown length is stopped at the bound", async () => {
    const socket = await rawSocket(relay);
    socket.write("POST /v1/cells HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    for (let i = 0; i < 18; i++) socket.write(chunk);
    expect(await answerOf(socket)).toEqual({ status: 413, code: "frame/too-large" });
    await expectUnharmed(relay);
  });

  it("that breaks off changes nothing", async () => {
    const socket = await rawSocket(relay);
    socket.write(`POST /v1/cells HTTP/1.1\r\nhost: x\r\ncontent-length: ${2 * APPEND_RECORD_BYTES}\r\n\r\n`);
    socket.write(record);
    socket.destroy();
    await expectUnharmed(relay);
  });
});

describe("a directory record", () => {
  const account = newSigner();
  const device = { id: 1, signer: newSigner() };
  const list = signedList(account, [device], 1);
  const oneTime = prekeyList([1, 2]);
  const honest = signedBundle(account.key, device, 1, { oneTime });
  const path = directoryPath(account.key);
  const put = (body: Uint8Array) => ask(relay, path, { method: "PUT", body: body as Uint8Array<ArrayBuffer> });
  const brings = (...bundles: readonly PublishedBundle[]): Uint8Array => encodeDirectoryRecord({ list, bundles });
  /** A newer bundle that signs exactly these bytes as its one-time prekeys. */
  const signing = (bytes: Uint8Array): PublishedBundle => signedBundle(account.key, device, 2, { oneTime: bytes });
  const { bytes } = signing(oneTime);

  beforeAll(async () => expect((await put(brings(honest))).status).toBe(200));

  it.each([
    ["a torn list of one-time prekeys", brings(signing(oneTime.subarray(0, -1))), 400, "frame/invalid"],
    ["an empty one", brings(signing(new Uint8Array(0))), 400, "frame/invalid"],
    ["one of 101", encodeFrame({ list, bundles: [{ ...signing(prekeyList(numbers(0, 101))) }] }), 400, "frame/invalid"],
    ["one that counts more than it has", brings(signing(oneTime.with(1, 3))), 400, "frame/invalid"],
    ["one that its bundle does not sign", brings({ bytes, oneTime: prekeyList([2, 1]) }), 422, "directory/bad-signature"],
    ["one beside a bundle that signs none", brings({ ...signedBundle(account.key, device, 2), oneTime }), 422, "directory/bad-signature"],
    ["a bundle without the prekeys that it signs", brings({ bytes }), 400, "frame/invalid"],
    [
      "a hash in place of a list",
      brings({ bytes: bundleWithHash(account.key, device, 2, new Uint8Array(32).fill(1)) }),
      400,
      "frame/invalid",
    ],
    ["prekeys under the hash of others", brings({ bytes: honest.bytes, oneTime: prekeyList([1, 3]) }), 422, "directory/bad-signature"],
    ["two bundles of one device", brings(honest, honest), 400, "frame/invalid"],
    [
      "a prekey that was handed out already",
      encodeFrame({ list, bundles: [{ bytes, oneTime: { list: oneTime, taken: 0 } }] }),
      400,
      "frame/invalid",
    ],
    ["a field too many in a bundle", encodeFrame({ list, bundles: [{ bytes, oneTime, taken: 0 }] }), 400, "frame/invalid"],
    ["a bundle that is no map", encodeFrame({ list, bundles: [bytes] }), 400, "frame/invalid"],
    ["seventeen bundles", encodeFrame({ list, bundles: Array.from({ length: 17 }, () => ({ bytes })) }), 400, "frame/invalid"],
    ["more than any record has", new Uint8Array(MAX_DIRECTORY_RECORD_BYTES + 1), 413, "frame/too-large"],
  ])("with %s is refused", async (_, body, status, code) => {
    expect(await put(body)).toMatchObject({ status, code });
    const found = decodeFoundRecord((await ask(relay, `${path}?peek`)).body);
    expect(found).toEqual({ list, bundles: [{ bytes: honest.bytes }] });
    await expectUnharmed(relay);
  });

  it("still has all its prekeys after that", async () => {
    const taken = [];
    for (let i = 0; i < 3; i++) taken.push(decodeFoundRecord((await ask(relay, path)).body).bundles[0]?.oneTime);
    expect(taken.map((each) => each?.taken).toSorted()).toEqual([0, 1, undefined]);
  });
});

describe("a request", () => {
  it.each([
    ["DELETE", "/v1/cells", 405, "request/method"],
    ["GET", "/v1/cells", 405, "request/method"],
    ["GET", "/v1", 404, "request/not-found"],
    ["GET", "/v1/live", 404, "request/not-found"],
    ["GET", "/v1/shards/0/0000000000000000", 404, "request/not-found"],
    ["GET", "/v1/shards/0/0000000000000000/1/2", 404, "request/not-found"],
    ["GET", "/v1/shards/0/000000000000000g/1", 400, "frame/invalid"],
    ["GET", "/v1/directory/AAAA", 400, "frame/invalid"],
    ["GET", "/v1/directory/AAAA?peek", 400, "frame/invalid"],
    ["GET", "/v1/blobs/..%2f..%2fetc%2fpasswd", 400, "frame/invalid"],
    ["GET", "/v1/handles/__proto__", 400, "handle/invalid"],
    ["GET", "/nothing", 404, "request/not-found"],
  ])("%s %s is refused", async (method, path, status, code) => {
    expect(await ask(relay, path, { method })).toMatchObject({ status, code });
  });

  it("that is no HTTP gets an answer and is closed", async () => {
    const socket = await rawSocket(relay);
    socket.write("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
    expect(await answerOf(socket)).toEqual({ status: 400, code: "frame/invalid" });
    await expectUnharmed(relay);
  });

  it("with huge headers gets an answer and is closed", async () => {
    const socket = await rawSocket(relay);
    socket.write(`GET / HTTP/1.1\r\nhost: x\r\ncookie: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(await answerOf(socket)).toEqual({ status: 413, code: "frame/too-large" });
    await expectUnharmed(relay);
  });

  it("whose headers come too slowly is closed", async () => {
    const slow = await withOneCell(await testRelay({ limits: { headersMs: 300 } }));
    const socket = await rawSocket(slow);
    socket.write("GET / HTTP/1.1\r\nx-slow: ");
    expect(await answerOf(socket)).toEqual({ status: 408, code: "request/timeout" });
    await expectUnharmed(slow);
  });

  it("whose body comes too slowly is closed", async () => {
    const slow = await withOneCell(await testRelay({ limits: { headersMs: 200, bodyMs: 400 } }));
    const socket = await rawSocket(slow);
    socket.write(`POST /v1/cells HTTP/1.1\r\nhost: x\r\ncontent-length: ${APPEND_RECORD_BYTES}\r\n\r\nx`);
    const { status } = await answerOf(socket);
    expect([408, 400]).toContain(status);
    await expectUnharmed(slow);
  });

  it("to upgrade to something else is refused", async () => {
    const socket = await rawSocket(relay);
    socket.write("GET /v1/cells HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n");
    expect(await answerOf(socket)).toEqual({ status: 404, code: "request/not-found" });
    await expectUnharmed(relay);
  });
});

describe("connections", () => {
  it("of one address are bounded, and free again when closed", async () => {
    const small = await testRelay({ limits: { connectionsPerAddress: 3 } });
    const sockets = [await rawSocket(small), await rawSocket(small), await rawSocket(small)];
    const refused = await rawSocket(small);
    expect(await answerOf(refused)).toEqual({ status: 503, code: "relay/too-many-connections" });
    for (const socket of sockets) socket.destroy();
    // Closing takes the relay a moment that no event on this side tells of: ask until there is room.
    for (;;) {
      const answer = await ask(small, "/healthz").catch(() => undefined);
      if (answer?.status === 200) break;
    }
  });
});

describe("reading", () => {
  it("keeps a rate too", async () => {
    const strict = await testRelay({ limits: { reads: { burst: 3, perSecond: 0.01 } } });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(strict, "/v1/handles/nobody"));
    expect(answers.map(({ code }) => code)).toEqual([...Array<string>(3).fill("handle/not-found"), "relay/rate-limited"]);
    expect(answers[3]).toMatchObject({ status: 429, retryAfter: 100 });
    expect(answers[3]?.headers.get("retry-after")).toBe("100");
  });
});
