import { expect, test } from "vitest";
import { hex, testPrimitives } from "../../test/support/index.ts";
import { safetyNumbers } from "../../test/vectors/identity.ts";
import { generateKeyPair, parsePublicKey } from "../agreement/key-pair.ts";
import { safetyNumber } from "./safety-number.ts";

const p = testPrimitives("safety-number");

test.each(safetyNumbers)("is libsignal's fingerprint: $number", ({ ours, theirs, number }) => {
  const [a, b] = [parsePublicKey(p, hex(ours)), parsePublicKey(p, hex(theirs))];
  expect(safetyNumber(p, a, b)).toBe(number);
  expect(safetyNumber(p, b, a)).toBe(number);
});

test("is 60 digits, and another for another person", () => {
  const [a, b, c] = [generateKeyPair(p).publicKey, generateKeyPair(p).publicKey, generateKeyPair(p).publicKey];
  expect(safetyNumber(p, a, b)).toMatch(/^\d{60}$/);
  expect(safetyNumber(p, a, b)).not.toBe(safetyNumber(p, a, c));
});
