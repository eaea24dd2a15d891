// The board and the directory over HTTP.

import {
  decodeFoundRecord,
  decodeHandleAnswer,
  decodeInfo,
  decodePinnedCells,
  decodePinnedTags,
  directoryPath,
  encodeDirectoryRecord,
  encodeHandleClaim,
  type FoundRecord,
  handleClaimMessage,
  handlePath,
  INFO_PATH,
  type PublishedBundle,
  segmentPath,
  WHOLE_BOARD,
} from "@sotto/wire";
import { describe, expect, it } from "vitest";
import type { Relay } from "../src/index.ts";
import { numberOf, testCell, testCells } from "./support/cells.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { append, ask, type TestAnswer, testRelay } from "./support/relay-client.ts";
import { numbers, prekeyList } from "./support/prekeys.ts";
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
  const put = (relay: Relay, list: Uint8Array, bundles: PublishedBundle[], path = directoryPath(account.key)): Promise<TestAnswer> =>
    ask(relay, path, { method: "PUT", body: encodeDirectoryRecord({ list, bundles }) as Uint8Array<ArrayBuffer> });

  it("keeps the newest list and the newest bundle of each device, by their signatures alone", async () => {
    const relay = await testRelay({ clock });
    const get = async (): Promise<unknown> => decodeFoundRecord((await ask(relay, directoryPath(account.key))).body);
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
    expect(await put(relay, list2, [signedBundle(account.key, phone, clock.now(), { locator: 9 })])).toMatchObject({
      code: "directory/conflict",
    });
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
    expect(await put(relay, list, [{ bytes: bundle.bytes.with(40, 9) }])).toMatchObject({ status: 422, code: "directory/bad-signature" });
    expect(decodeFoundRecord((await ask(relay, directoryPath(account.key))).body)).toEqual({ list, bundles: [] });
  });

  const get = async (relay: Relay, options: { peek?: boolean } = {}, init?: RequestInit): Promise<FoundRecord> =>
    decodeFoundRecord((await ask(relay, directoryPath(account.key, options), init)).body);

  it("hands out each one-time prekey once, none to who only looks, and the whole list with it", async () => {
    const relay = await testRelay({ clock });
    const list = signedList(account, [phone, laptop], 1);
    const oneTime = prekeyList([1, 2]);
    const withPrekeys = signedBundle(account.key, phone, clock.now(), { oneTime });
    const without = signedBundle(account.key, laptop, clock.now());
    expect((await put(relay, list, [withPrekeys, without])).status).toBe(200);

    const nothingTaken = { list, bundles: [{ bytes: withPrekeys.bytes }, { bytes: without.bytes }] };
    for (let i = 0; i < 3; i++) expect(await get(relay, { peek: true })).toEqual(nothingTaken);
    expect(await ask(relay, directoryPath(account.key), { method: "HEAD" })).toMatchObject({ status: 200 });
    for (const query of ["?peek=1", "?Peek", "?taken", "?peek&peek"]) {
      expect(await ask(relay, directoryPath(account.key) + query)).toMatchObject({ status: 404, code: "request/not-found" });
    }
    const found = [await get(relay), await get(relay)];
    for (const { bundles } of found) {
      expect(bundles[0]?.oneTime?.list).toEqual(oneTime);
      expect(bundles[1]).toEqual({ bytes: without.bytes });
    }
    expect(found.map(({ bundles }) => bundles[0]?.oneTime?.taken).toSorted()).toEqual([0, 1]);
    expect(await get(relay)).toEqual(nothingTaken);
    expect((await ask(relay, directoryPath(account.key))).headers.get("cache-control")).toBe("no-store");

    // What was handed out stays so when it is published again, in the same bundle or in the next.
    clock.advance(1);
    const next = signedBundle(account.key, phone, clock.now(), { oneTime: prekeyList([2, 3, 1]) });
    for (const bundle of [withPrekeys, next, next]) expect((await put(relay, list, [bundle])).status).toBe(200);
    expect((await get(relay)).bundles[0]?.oneTime?.taken).toBe(1);
    expect((await get(relay)).bundles[0]?.oneTime).toBeUndefined();
  });

  it("gives one-time prekeys at a rate per address and per account, and the rest of the record to everybody", async () => {
    const limits = { prekeys: { burst: 3, perSecond: 0.1 }, prekeysPerAccount: { burst: 5, perSecond: 0.01 } };
    const relay = await testRelay({ clock, limits, trustProxy: true });
    const list = signedList(account, [phone], 1);
    await put(relay, list, [signedBundle(account.key, phone, clock.now(), { oneTime: prekeyList(numbers(0, 50)) })]);
    const given = async (address: string, times: number): Promise<number> => {
      let count = 0;
      for (let i = 0; i < times; i++) {
        const { bundles } = await get(relay, {}, { headers: { "x-forwarded-for": address } });
        expect(bundles).toHaveLength(1);
        if (bundles[0]?.oneTime !== undefined) count++;
      }
      return count;
    };
    expect(await given("203.0.113.1", 20)).toBe(3);
    // What the first was refused cost the account nothing: two are left for others.
    expect(await given("203.0.113.2", 20)).toBe(2);
    expect(await given("203.0.113.3", 1)).toBe(0);
    clock.advance(100_000);
    expect(await given("203.0.113.3", 5)).toBe(1);
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
