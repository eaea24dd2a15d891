import { describe, expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { Reader, be2, be4, concat } from "../bytes.ts";
import { MAX_CELLS, MAX_GAPS, RECEIVING_WINDOW } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { cellAddress } from "./cell.ts";
import {
  type ReceivingChain,
  type WatchedAddress,
  consume,
  encodeReceivingChain,
  encodeSendingChain,
  gapCount,
  readReceivingChain,
  readSendingChain,
  startReceivingChain,
  startSendingChain,
  takeAddress,
  widen,
} from "./chain.ts";

const root = (p: Primitives): Secret => new Secret(p.randomBytes(32));
const indexes = (chain: ReceivingChain): number[] => chain.watched.map(({ index }) => index);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function hit(p: Primitives, chain: ReceivingChain, index: number): ReturnType<typeof consume> {
  return consume(p, chain, chain.watched.find((watched) => watched.index === index) as WatchedAddress);
}

describe("a sending chain", () => {
  test("counts, and gives the addresses of its root", () => {
    const p = testPrimitives();
    const T = root(p);
    const first = takeAddress(p, startSendingChain(T));
    const second = takeAddress(p, first.chain);
    expect([first.index, second.index]).toEqual([0, 1]);
    expect([first.address, second.address]).toEqual([cellAddress(p, T, 0), cellAddress(p, T, 1)]);
  });

  test("ends instead of going round", () => {
    const p = testPrimitives();
    const chain = { root: root(p), next: MAX_CELLS - 1 };
    const last = takeAddress(p, chain);
    expect(last.index).toBe(MAX_CELLS - 1);
    expect(() => takeAddress(p, last.chain)).toThrow(expect.objectContaining({ code: "session/exhausted" }));
  });

  test("comes back from its stored form", () => {
    const p = testPrimitives();
    const chain = { root: root(p), next: 70_000 };
    const read = readSendingChain(new Reader(encodeSendingChain(chain), "a chain"));
    expect(encodeSendingChain(read)).toEqual(encodeSendingChain(chain));
    expect(read.next).toBe(70_000);
  });
});

describe("a receiving chain", () => {
  test("watches the window, and after a hit the gaps below and the window ahead", () => {
    const p = testPrimitives();
    const start = startReceivingChain(p, root(p));
    expect(indexes(start)).toEqual(range(0, 64));
    const { chain, change } = hit(p, start, 5);
    expect(indexes(chain)).toEqual([...range(0, 5), ...range(6, 70)]);
    expect(gapCount(chain)).toBe(5);
    expect(change.add.map(({ index }) => index)).toEqual(range(64, 70));
    expect(change.drop.map(({ index }) => index)).toEqual([5]);
  });

  test("a gap that is filled moves nothing", () => {
    const p = testPrimitives();
    const { chain } = hit(p, startReceivingChain(p, root(p)), 5);
    const filled = hit(p, chain, 2);
    expect(indexes(filled.chain)).toEqual([0, 1, 3, 4, ...range(6, 70)]);
    expect(filled.change).toEqual({ add: [], drop: [chain.watched[2]] });
  });

  test("an address is derived once: what stays is the same object", () => {
    const p = testPrimitives();
    const start = startReceivingChain(p, root(p));
    const { chain } = hit(p, start, 0);
    expect(chain.watched[0]).toBe(start.watched[1]);
    expect(chain.watched[62]).toBe(start.watched[63]);
  });

  test("a consumed address cannot be consumed again", () => {
    const p = testPrimitives();
    const start = startReceivingChain(p, root(p));
    const { chain } = hit(p, start, 5);
    const again = start.watched[5] as WatchedAddress;
    expect(() => consume(p, chain, again)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
  });

  test("gives up its oldest gaps beyond the bound, and says so", () => {
    const p = testPrimitives();
    let chain = startReceivingChain(p, root(p));
    for (let i = 1; i <= 4; i++) chain = hit(p, chain, 64 * i - 1).chain;
    expect(gapCount(chain)).toBe(252);
    const { chain: full, change } = hit(p, chain, 319);
    expect(gapCount(full)).toBe(MAX_GAPS);
    expect(change.drop.map(({ index }) => index)).toEqual([319, ...range(0, 59)]);
  });

  test("a widened chain is narrowed by the first hit", () => {
    const p = testPrimitives();
    const start = startReceivingChain(p, root(p));
    const { chain: wide, add } = widen(p, start, 2_000);
    expect(indexes(wide)).toEqual(range(0, 2_000));
    expect(add).toHaveLength(2_000 - RECEIVING_WINDOW);
    expect(widen(p, wide, 64).add).toEqual([]);
    const { chain, change } = hit(p, wide, 1_500);
    expect(indexes(chain)).toEqual([...range(1_500 - MAX_GAPS, 1_500), ...range(1_501, 1_565)]);
    expect(change.add).toEqual([]);
    expect(change.drop).toHaveLength(2_000 - MAX_GAPS - RECEIVING_WINDOW);
    expect(encodeReceivingChain(wide)).toEqual(encodeReceivingChain(start));
  });

  test("nothing is watched beyond the last index", () => {
    const p = testPrimitives();
    const stored = concat(p.randomBytes(32), be4(MAX_CELLS - 3), be2(0));
    expect(indexes(readReceivingChain(p, new Reader(stored, "a chain")))).toEqual(range(MAX_CELLS - 3, MAX_CELLS));
  });

  test("comes back from its stored form with the same addresses", () => {
    const p = testPrimitives();
    let chain = startReceivingChain(p, root(p));
    for (const index of [3, 1, 40, 39]) chain = hit(p, chain, index).chain;
    const read = readReceivingChain(p, new Reader(encodeReceivingChain(chain), "a chain"));
    expect(read).toEqual(chain);
  });

  test.each([
    ["gaps out of order", [5, 4]],
    ["a gap twice", [4, 4]],
    ["a gap above the highest seen", [10]],
  ])("%s in a stored form are refused", (_, gaps) => {
    const p = testPrimitives();
    const stored = concat(p.randomBytes(32), be4(10), be2(gaps.length), ...gaps.map(be4));
    expect(() => readReceivingChain(p, new Reader(stored, "a chain"))).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("more gaps than the bound in a stored form are refused", () => {
    const p = testPrimitives();
    const stored = concat(p.randomBytes(32), be4(1_000), be2(257), ...range(0, 257).map(be4));
    expect(() => readReceivingChain(p, new Reader(stored, "a chain"))).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("damaged stored forms never crash", () => {
    const p = testPrimitives();
    const { chain } = hit(p, startReceivingChain(p, root(p)), 9);
    fuzzDecoder(encodeReceivingChain(chain), (bytes) => readReceivingChain(p, new Reader(bytes, "a chain")), { runs: 60 });
  });
});
