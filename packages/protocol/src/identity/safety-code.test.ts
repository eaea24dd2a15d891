import { base32 } from "@sotto/encoding";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { compareSafetyCode, safetyCode } from "./safety-code.ts";

const p = testPrimitives("safety-code");
const someone = () => generateKeyPair(p).publicKey;
const [alice, bob, carol, mallory] = [someone(), someone(), someone(), someone()];

test("each side's code matches on the other side, however it is broken into lines", () => {
  const code = safetyCode(p, bob, alice);
  expect(code).toMatch(/^[A-Z2-7]{106}$/);
  expect(compareSafetyCode(p, code, alice, bob)).toBe("match");
  expect(compareSafetyCode(p, ` ${code.slice(0, 50).toLowerCase()}\n${code.slice(50)} `, alice, bob)).toBe("match");
  expect(compareSafetyCode(p, safetyCode(p, alice, bob), bob, alice)).toBe("match");
});

test("somebody between the two is noticed on both sides", () => {
  // Bob holds Mallory's key as Alice's, Alice holds another one of Mallory's as Bob's.
  expect(compareSafetyCode(p, safetyCode(p, bob, mallory), alice, mallory)).toBe("mismatch");
  expect(compareSafetyCode(p, safetyCode(p, bob, mallory), alice, bob)).toBe("mismatch");
  expect(compareSafetyCode(p, safetyCode(p, mallory, alice), alice, bob)).toBe("mismatch");
});

test("the code of somebody else is told from a wrong one: another contact's, and one's own", () => {
  expect(compareSafetyCode(p, safetyCode(p, carol, alice), alice, bob, [carol])).toBe("other");
  expect(compareSafetyCode(p, safetyCode(p, alice, bob), alice, bob, [alice, carol])).toBe("other");
  expect(compareSafetyCode(p, safetyCode(p, carol, alice), alice, bob, [])).toBe("mismatch");
});

test("whatever else is in a picture is no code", () => {
  const code = safetyCode(p, bob, alice);
  const bytes = base32.decode(code);
  for (const index of [0, 1]) {
    const other = bytes.slice();
    other[index] = 2;
    expect(compareSafetyCode(p, base32.encode(other), alice, bob)).toBe("no-code");
  }
  for (const text of ["", "https://example.com", code.slice(1), `${code}A`, "A".repeat(100_000), `${code.slice(0, -1)}1`]) {
    expect(compareSafetyCode(p, text, alice, bob)).toBe("no-code");
  }
});

test("no change of a code still matches", () => {
  const bytes = base32.decode(safetyCode(p, bob, alice));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const changed = bytes.slice();
      changed[index] = (changed[index] as number) ^ flip;
      expect(compareSafetyCode(p, base32.encode(changed), alice, bob)).not.toBe("match");
    }),
    { numRuns: 30 },
  );
});
