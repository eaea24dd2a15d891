// The board and the directory over HTTP.

import { decodeInfo, decodePinnedCells, decodePinnedTags, directoryPath, encodeDirectoryRecord, encodeHandleClaim } from "@sotto/wire";
import {
  decodeDirectoryRecord,
  decodeHandleAnswer,
  handleClaimMessage,
  handlePath,
  INFO_PATH,
  segmentPath,
  WHOLE_BOARD,
} from "@sotto/wire";
import { describe, expect, it } from "vitest";
import type { Relay } from "../src/index.ts";
import { numberOf, testCell, testCells } from "./support/cells.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { append, ask, type TestAnswer, testRelay } from "./support/relay-client.ts";
import { newSigner, signedBundle, signedList, type TestDevice } from "./support/signer.ts";

const MINUTE = 60_000;

describe("appending", () => {
  it("answers what became of each cell", async () => {
    const relay = await testRelay();
    expect(await append(relay, [testCell(1)])).toEqual(["stored"]);
    expect(await append(relay, [testCell(1), testCell(2), testCell(2, { variant: 1 })])).toEqual(["duplicate", "stored", "conflict"]);
  });

  it("keeps the rate of an address, and of a tag's first half", async () => {
    const clock = new ManualClock();
    const limits = { cells: { burst: 10, perSecond: 1 }, cellsPerTagPrefix: { burst: 3, perSecond: 0.1 } };
    const relay = await testRelay({ clock, limits });
    await append(relay, testCells(0, 6));
    await expect(append(relay, testCells(6, 6))).rejects.toThrow("relay/rate-limited");
    clock.advance(2000);
    await append(relay, testCells(6, 6));
    clock.advance(10_000);
    const sameHalf = (last: number): ReturnType<typeof testCell> => ({ ...testCell(77), tag: testCell(77).tag.with(15, last) });
    for (let n = 0; n < 3; n++) expect(await append(relay, [sameHalf(n)])).toEqual(["stored"]);
    await expect(append(relay, [sameHalf(3)])).rejects.toThrow("relay/rate-limited");
    expect(await append(relay, [testCell(78)])).toEqual(["stored"]);
    clock.advance(10_000);
    expect(await append(relay, [sameHalf(3)])).toEqual(["stored"]);
  });
});

describe("segments", () => {
  it("are for every cache once they are closed, whole or as tags", async () => {
    const clock = new ManualClock();
    const relay = await testRelay({ clock, limits: { segmentMs: MINUTE, retentionMs: 10 * MINUTE } });
    const segment = clock.now() / MINUTE;
    await append(relay, testCells(0, 256));
    await append(relay, testCells(256, 44));
    expect(await ask(relay, segmentPath(WHOLE_BOARD, segment))).toMatchObject({ status: 409, code: "segment/open", retryAfter: 60 });
    clock.advance(MINUTE);
    await append(relay, [testCell(300)]);
    const whole = await ask(relay, segmentPath(WHOLE_BOARD, segment));
    expect(whole.headers.get("cache-control")).toBe("public, max-age=600, immutable");
    expect(decodePinnedCells(whole.body).map((cell) => numberOf(cell.tag))).toEqual(Array.from({ length: 300 }, (_, n) => n));
    const tags = await ask(relay, segmentPath(WHOLE_BOARD, segment, { tags: true }));
    expect(decodePinnedTags(tags.body).map(({ cursor }) => cursor)).toEqual(decodePinnedCells(whole.body).map(({ cursor }) => cursor));
    const head = await ask(relay, segmentPath(WHOLE_BOARD, segment), { method: "HEAD" });
    expect([head.headers.get("content-length"), head.body.length]).toEqual([`${whole.body.length}`, 0]);
    expect(await ask(relay, segmentPath(WHOLE_BOARD, segment - 20))).toMatchObject({ status: 410, code: "segment/expired" });
    expect(await ask(relay, `${segmentPath(WHOLE_BOARD, segment)}?bodies`)).toMatchObject({ status: 404 });
    expect(await ask(relay, `/v1/shards/3/ff00000000000000/${segment}`)).toMatchObject({ status: 400, code: "frame/invalid" });
  });
});

describe("the relay's word about itself", () => {
  it("names its board, which stays the same over a restart", async () => {
    const relay = await testRelay();
    const info = decodeInfo((await ask(relay, INFO_PATH)).body);
    expect(info).toMatchObject({ protocol: 1, bits: 0, segmentMs: 900_000, retentionMs: 14 * 24 * 60 * MINUTE });
  });

  it("is healthy, and ready", async () => {
    const relay = await testRelay();
    expect((await ask(relay, "/healthz")).status).toBe(200);
    expect((await ask(relay, "/readyz")).status).toBe(200);
  });
});

describe("web apps of other origins", () => {
  it("may use the API, without credentials", async () => {
    const relay = await testRelay();
    const preflight = await ask(relay, "/v1/cells", { method: "OPTIONS", headers: { origin: "https://elsewhere.example" } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(preflight.headers.get("access-control-allow-headers")).toContain("content-range");
    expect(preflight.headers.has("access-control-allow-credentials")).toBe(false);
    const failure = await ask(relay, "/v1/nothing");
    expect(failure.headers.get("access-control-allow-origin")).toBe("*");
    expect(failure.headers.get("access-control-expose-headers")).toContain("retry-after");
  });
});

describe("the directory", () => {
  const account = newSigner();
  const phone: TestDevice = { id: 1, signer: newSigner() };
  const laptop: TestDevice = { id: 2, signer: newSigner() };
  const clock = new ManualClock();
  const put = (relay: Relay, list: Uint8Array, bundles: Uint8Array[], path = directoryPath(account.key)): Promise<TestAnswer> =>
    ask(relay, path, { method: "PUT", body: encodeDirectoryRecord({ list, bundles }) as Uint8Array<ArrayBuffer> });

  it("keeps the newest list and the newest bundle of each device, by their signatures alone", async () => {
    const relay = await testRelay({ clock });
    const get = async (): Promise<unknown> => decodeDirectoryRecord((await ask(relay, directoryPath(account.key))).body);
    expect(await ask(relay, directoryPath(account.key))).toMatchObject({ status: 404, code: "directory/not-found" });
    const list1 = signedList(account, [phone], 1);
    const phone1 = signedBundle(account.key, phone, clock.now());
    expect((await put(relay, list1, [phone1])).status).toBe(200);
    expect((await put(relay, list1, [phone1])).status).toBe(200);
    expect(await get()).toEqual({ list: list1, bundles: [phone1] });

    const list2 = signedList(account, [phone, laptop], 2);
    const laptop1 = signedBundle(account.key, laptop, clock.now());
    expect((await put(relay, list2, [laptop1])).status).toBe(200);
    expect(await get()).toEqual({ list: list2, bundles: [phone1, laptop1] });

    expect(await put(relay, list1, [])).toMatchObject({ status: 409, code: "directory/stale" });
    expect(await put(relay, signedList(account, [laptop], 2), [])).toMatchObject({ code: "directory/conflict" });
    expect(await put(relay, list2, [signedBundle(account.key, phone, clock.now() - 1)])).toMatchObject({ code: "directory/stale" });
    expect(await put(relay, list2, [signedBundle(account.key, phone, clock.now(), 9)])).toMatchObject({ code: "directory/conflict" });
    expect(await put(relay, list2, [], directoryPath(laptop.signer.key))).toMatchObject({ status: 400, code: "frame/invalid" });
    expect(await get()).toEqual({ list: list2, bundles: [phone1, laptop1] });

    const list3 = signedList(account, [laptop], 3);
    expect((await put(relay, list3, [])).status).toBe(200);
    expect(await get()).toEqual({ list: list3, bundles: [laptop1] });
  });

  it("refuses what is not signed, and keeps what it has", async () => {
    const relay = await testRelay({ clock });
    const list = signedList(account, [phone], 1);
    await put(relay, list, []);
    const changed = list.with(list.length - 1, list[list.length - 1]! ^ 1);
    expect(await put(relay, changed, [])).toMatchObject({ status: 422, code: "directory/bad-signature" });
    const bundle = signedBundle(account.key, phone, clock.now());
    expect(await put(relay, list, [bundle.with(40, 9)])).toMatchObject({ status: 422, code: "directory/bad-signature" });
    expect(decodeDirectoryRecord((await ask(relay, directoryPath(account.key))).body)).toEqual({ list, bundles: [] });
  });

  it("gives a handle to the first account that signs for it", async () => {
    const relay = await testRelay({ clock });
    const claim = (by: typeof account, handle: string): Promise<TestAnswer> => {
      const signature = by.sign(handleClaimMessage(handle, clock.now()));
      const body = encodeHandleClaim({ account: by.key, issued: clock.now(), signature }) as Uint8Array<ArrayBuffer>;
      return ask(relay, handlePath(handle), { method: "PUT", body });
    };
    expect(await ask(relay, handlePath("alice"))).toMatchObject({ status: 404, code: "handle/not-found" });
    expect((await claim(account, "alice")).status).toBe(200);
    expect(await claim(newSigner(), "alice")).toMatchObject({ status: 409, code: "handle/taken" });
    expect(decodeHandleAnswer((await ask(relay, handlePath("alice"))).body)).toEqual(account.key);
    const signature = account.sign(handleClaimMessage("alice", clock.now()));
    const replayed = encodeHandleClaim({ account: account.key, issued: clock.now(), signature }) as Uint8Array<ArrayBuffer>;
    expect(await ask(relay, handlePath("alice.two"), { method: "PUT", body: replayed })).toMatchObject({ code: "handle/bad-signature" });
    expect(await ask(relay, "/v1/handles/Alice", { method: "PUT", body: replayed })).toMatchObject({ status: 400, code: "handle/invalid" });
  });
});
