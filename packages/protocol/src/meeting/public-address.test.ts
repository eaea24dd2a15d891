import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, NOW, person } from "../../test/messages/people.ts";
import { testPrimitives } from "../../test/support/index.ts";
import { ascii } from "../bytes.ts";
import { openCell, sealCell } from "../stream/cell.ts";
import { addressPrefixes, matchesAddress, newAddressCell, openableAddress } from "./public-address.ts";

describe("public addresses", () => {
  test("the owner finds and opens what a stranger pins", () => {
    const p = testPrimitives();
    const { publicKey } = person(p).account;
    const written = newAddressCell(p, publicKey, NOW);
    const body = sealCell(p, written, "sealed", ascii("hello"));
    expect(matchesAddress(addressPrefixes(p, publicKey, NOW), written.tag)).toBe(true);
    const found = openableAddress(p, publicKey, written.tag);
    expect(openCell(p, found, body)).toEqual({ kind: "sealed", payload: ascii("hello") });
  });

  test("match for 14 days, and from a day ahead", () => {
    const p = testPrimitives();
    const { publicKey } = person(p).account;
    const { tag } = newAddressCell(p, publicKey, NOW);
    fc.assert(
      fc.property(fc.integer({ min: -4, max: 18 }), (days) => {
        const matches = matchesAddress(addressPrefixes(p, publicKey, NOW + days * DAY), tag);
        expect(matches).toBe(days >= -1 && days <= 14);
      }),
      { numRuns: 40 },
    );
  });

  test("of two writers, or for two people, have nothing in common but the day's prefix", () => {
    const p = testPrimitives();
    const [alice, bob] = [person(p).account.publicKey, person(p).account.publicKey];
    const [one, other] = [newAddressCell(p, alice, NOW), newAddressCell(p, alice, NOW)];
    expect(one.tag.subarray(0, 8)).toEqual(other.tag.subarray(0, 8));
    expect(one.tag).not.toEqual(other.tag);
    expect(one.cellKey.expose()).not.toEqual(other.cellKey.expose());
    expect(matchesAddress(addressPrefixes(p, bob, NOW), one.tag)).toBe(false);
  });

  test("in the first days of time there are fewer days to look at", () => {
    const p = testPrimitives();
    expect(addressPrefixes(p, person(p).account.publicKey, 2 * DAY)).toHaveLength(4);
    expect(() => openableAddress(p, person(p).account.publicKey, new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: "argument/invalid" }),
    );
  });
});
