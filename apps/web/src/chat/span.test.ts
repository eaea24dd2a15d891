import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterAppend, bounds, NEWEST, newerSpan, olderSpan, SPAN_ROWS, type Span, spanAround, STEP_ROWS } from "./span.ts";

const size = (span: Span, total: number): number => bounds(span, total).end - bounds(span, total).start;

describe("the span of rows in the document", () => {
  test("begins with the newest", () => {
    expect(bounds(NEWEST, 1000)).toEqual({ start: 1000 - SPAN_ROWS, end: 1000 });
    expect(bounds(NEWEST, 10)).toEqual({ start: 0, end: 10 });
  });

  test("walking up and down again comes back to the newest", () => {
    let span = NEWEST;
    for (let i = 0; i < 50; i++) span = olderSpan(span, 1000);
    expect(bounds(span, 1000)).toEqual({ start: 0, end: SPAN_ROWS });
    for (let i = 0; i < 50; i++) span = newerSpan(span);
    expect(span).toEqual(NEWEST);
  });

  test("a step leaves rows in sight in the document", () => {
    const before = bounds(NEWEST, 1000);
    const after = bounds(olderSpan(NEWEST, 1000), 1000);
    expect(after.end - before.start).toBe(SPAN_ROWS - STEP_ROWS);
  });

  test("history put before it does not move it; a message after it does not either", () => {
    const span = olderSpan(NEWEST, 1000);
    expect(1000 - bounds(span, 1000).end).toBe(1100 - bounds(span, 1100).end);
    const held = afterAppend(span, 1);
    expect(bounds(held, 1001).start).toBe(bounds(span, 1000).start);
  });

  test("never more than SPAN_ROWS rows, never out of range, always full if it can be", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.array(fc.constantFrom("older", "newer", "append"), { maxLength: 100 }), (start, walk) => {
        let total = start;
        let span = NEWEST;
        for (const step of walk) {
          if (step === "older") span = olderSpan(span, total);
          else if (step === "newer") span = newerSpan(span);
          else {
            span = afterAppend(span, 1);
            total++;
          }
          const { start: from, end } = bounds(span, total);
          expect(from >= 0 && end <= total).toBe(true);
          expect(size(span, total)).toBe(Math.min(SPAN_ROWS, total));
        }
      }),
    );
  });

  test("any row can be brought into it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (total, seed) => {
        const index = seed % total;
        const { start, end } = bounds(spanAround(index, total), total);
        expect(index >= start && index < end).toBe(true);
      }),
    );
  });
});
