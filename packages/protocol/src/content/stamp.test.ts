import fc from "fast-check";
import { expect, test } from "vitest";
import { isLater, laterThan, NEVER, type Stamp } from "./stamp.ts";

const stamp = fc.record({ at: fc.oneof(fc.nat(3), fc.maxSafeNat()), by: fc.integer({ min: 1, max: 3 }) });

test("of all changes one holds, in whatever order they are heard", () => {
  fc.assert(
    fc.property(fc.array(stamp, { minLength: 1 }), (stamps) => {
      const hold = (heard: readonly Stamp[]): Stamp => heard.reduce((known, next) => (isLater(next, known) ? next : known), NEVER);
      expect(hold(stamps)).toEqual(hold(stamps.toReversed()));
    }),
  );
});

test("a change holds against what its device knew, whatever its clock says", () => {
  fc.assert(
    fc.property(stamp, fc.nat(), (known, now) => {
      fc.pre(known.at < Number.MAX_SAFE_INTEGER);
      expect(isLater(laterThan(known, now, 1), known)).toBe(true);
    }),
  );
});
