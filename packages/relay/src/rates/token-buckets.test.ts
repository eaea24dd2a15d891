import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-buckets.ts";

describe("TokenBuckets", () => {
  it("gives a burst, then the rate, and says how long to wait", () => {
    const buckets = new TokenBuckets({ burst: 10, perSecond: 2 }, 100);
    expect(buckets.take("a", 10, 0)).toBe(0);
    expect(buckets.take("a", 1, 0)).toBe(1);
    expect(buckets.take("a", 7, 0)).toBe(4);
    expect(buckets.take("a", 1, 499)).toBe(1);
    expect(buckets.take("a", 1, 500)).toBe(0);
    expect(buckets.take("b", 10, 500)).toBe(0);
    expect(buckets.take("a", 10, 1_000_000)).toBe(0);
    expect(buckets.take("a", 1, 1_000_000)).toBe(1);
  });

  it("never gives more than burst and rate allow, however it is asked", () => {
    const asked = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(700)), { maxLength: 60 });
    fc.assert(
      fc.property(asked, (takes) => {
        const buckets = new TokenBuckets({ burst: 8, perSecond: 3 }, 10);
        let now = 0;
        let taken = 0;
        for (const [tokens, pause] of takes) {
          now += pause;
          if (buckets.take("a", tokens, now) === 0) taken += tokens;
          expect(taken).toBeLessThanOrEqual(8 + (3 * now) / 1000 + 1e-6);
        }
      }),
    );
  });

  it("is worth waiting for: after the seconds it said, there are enough", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (first, second) => {
        const buckets = new TokenBuckets({ burst: 8, perSecond: 0.3 }, 10);
        buckets.take("a", first, 0);
        const wait = buckets.take("a", second, 0);
        expect(wait === 0 || buckets.take("a", second, wait * 1000) === 0).toBe(true);
      }),
    );
  });

  it("gives no tokens for a clock that is set back", () => {
    const buckets = new TokenBuckets({ burst: 2, perSecond: 1 }, 10);
    buckets.take("a", 2, 10_000);
    expect(buckets.take("a", 1, 0)).toBe(1);
  });

  it("remembers a bounded number of keys, the ones used last", () => {
    const buckets = new TokenBuckets({ burst: 1, perSecond: 0.001 }, 3);
    for (const key of ["a", "b", "c"]) buckets.take(key, 1, 0);
    buckets.take("a", 1, 0);
    for (let i = 0; i < 1000; i++) {
      buckets.take(`other ${i}`, 1, 0);
      expect(buckets.take("a", 1, 0), "the one in use is remembered").toBeGreaterThan(0);
      expect(buckets.size).toBe(3);
    }
  });
});
