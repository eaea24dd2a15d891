import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountWithDevices, deviceOf } from "../../test/support/device-lists.ts";
import { testPrimitives } from "../../test/support/index.ts";
import { type DeviceList, signDeviceList } from "./device-list.ts";
import { compareDeviceLists, deviceListChange } from "./device-list-order.ts";

const p = testPrimitives("device-list-order");
const { account, list: first } = accountWithDevices(p, 2);
const third = deviceOf(p, account.publicKey, 3).entry;
const withThird = [...first.entries, third];
const next = (version: number, issued: number, entries = withThird, previous = first.hash): DeviceList =>
  signDeviceList(p, account, { version, issued, entries, previous });

test("the same content is the same list, even signed twice", () => {
  expect(compareDeviceLists(first, signDeviceList(p, account, first))).toBe("same");
});

test("a higher version is newer, however far it jumps; a lower one is a rollback", () => {
  for (const version of [2, 3, 1001]) {
    expect(compareDeviceLists(first, next(version, 5))).toBe("newer");
    expect(compareDeviceLists(next(version, 5), first)).toBe("older");
  }
});

test("age does not make a list newer", () => {
  expect(compareDeviceLists(next(3, 1), next(2, 999_999))).toBe("older");
});

test("of a fork, the list with the higher hash holds, on both sides", () => {
  const [low, high] = [next(2, 5), next(2, 6)].toSorted((a, b) => Buffer.compare(a.hash, b.hash)) as [DeviceList, DeviceList];
  expect(compareDeviceLists(low, high)).toBe("fork-replace");
  expect(compareDeviceLists(high, low)).toBe("fork-keep");
});

test("in whatever order lists arrive, everybody ends with the same one", () => {
  const lists = [first, next(2, 5), next(2, 6), next(2, 7), next(5, 5), next(5, 8), next(9, 1)];
  fc.assert(
    fc.property(fc.shuffledSubarray(lists, { minLength: 1 }), (arrived) => {
      const held = arrived.reduce((known, list) => (["newer", "fork-replace"].includes(compareDeviceLists(known, list)) ? list : known));
      const version = Math.max(...arrived.map((list) => list.version));
      expect(held.version).toBe(version);
      for (const list of arrived) expect(["same", "older", "fork-keep"]).toContain(compareDeviceLists(held, list));
    }),
  );
});

describe("an id that is given to another key", () => {
  const reused = deviceOf(p, account.publicKey, 2).entry;
  const entries = [first.entries[0] as never, reused];

  test("is refused in a list that would replace ours", () => {
    const code = expect.objectContaining({ code: "identity/id-reused", details: { id: 2 } });
    expect(() => compareDeviceLists(first, next(2, 5, entries))).toThrow(code);
    const forks = [next(1, 5, entries), next(1, 6, entries), next(1, 7, entries), next(1, 8, entries), next(1, 9, entries)];
    const outcomes = forks.map((fork) => {
      try {
        return compareDeviceLists(first, fork);
      } catch {
        return "refused";
      }
    });
    expect(outcomes.filter((outcome) => outcome !== "fork-keep" && outcome !== "refused")).toEqual([]);
  });

  test("is taken from an account that was restored: its words do not tell which ids were given away", () => {
    expect(compareDeviceLists(first, next(1001, 5, entries))).toBe("newer");
  });

  test("does not matter in one that would not", () => {
    expect(compareDeviceLists(next(3, 5), next(2, 5, entries))).toBe("older");
  });
});

test("lists of two accounts are our caller's mistake", () => {
  expect(() => compareDeviceLists(first, accountWithDevices(p, 1).list)).toThrow(expect.objectContaining({ code: "argument/invalid" }));
});

describe("what changed", () => {
  test("one came, none went, nothing in between", () => {
    expect(deviceListChange(first, next(2, 5))).toEqual({ added: [third], removed: [], jumped: false, restored: false });
  });

  test("one went", () => {
    const fewer = next(2, 5, [first.entries[0] as never]);
    expect(deviceListChange(first, fewer)).toEqual({ added: [], removed: [first.entries[1]], jumped: false, restored: false });
  });

  test("a version that was skipped, or a list before that is not ours, is a jump", () => {
    expect(deviceListChange(first, next(3, 5)).jumped).toBe(true);
    expect(deviceListChange(first, next(2, 5, withThird, new Uint8Array(32))).jumped).toBe(true);
  });

  test("an account that was restored is one from which a recovery's step is missing, give or take what its relay did not know", () => {
    const restored = [3, 500, 501, 1_000, 1_001].map((version) => deviceListChange(first, next(version, 5)).restored);
    expect(restored).toEqual([false, false, true, true, true]);
  });
});
