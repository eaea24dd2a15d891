import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numbers, prekeyId, prekeyList, prekeys } from "../../test/support/prekeys.ts";
import { carryOver, handOut, verifyOneTimePrekeys } from "./one-time-prekeys.ts";

const hashOf = (list: Uint8Array): Uint8Array => createHash("sha256").update(list).digest();
const NONE = new Uint8Array(32);

describe("verifyOneTimePrekeys", () => {
  it("takes the list that the bundle signs, and none for zeros", () => {
    expect(verifyOneTimePrekeys(prekeyList([4, 9]), hashOf(prekeyList([4, 9])))).toEqual(prekeys([4, 9]));
    expect(verifyOneTimePrekeys(undefined, NONE)).toBeUndefined();
  });

  it("refuses another list, a list too many, and a list that stayed away", () => {
    const list = prekeyList([4, 9]);
    const refused = (code: string) => expect.objectContaining({ code });
    expect(() => verifyOneTimePrekeys(prekeyList([9, 4]), hashOf(list))).toThrow(refused("directory/bad-signature"));
    expect(() => verifyOneTimePrekeys(list, NONE)).toThrow(refused("directory/bad-signature"));
    expect(() => verifyOneTimePrekeys(undefined, hashOf(list))).toThrow(refused("frame/invalid"));
    expect(() => verifyOneTimePrekeys(list.subarray(1), hashOf(list.subarray(1)))).toThrow(refused("frame/invalid"));
  });
});

describe("handing out", () => {
  it("gives any that is left, and nothing of an empty list", () => {
    expect(handOut(prekeys([4, 9, 5]), () => 1)).toEqual({ taken: 1, left: Uint8Array.of(0, 2) });
    expect(handOut({ ...prekeys([4, 9, 5]), left: Uint8Array.of(0, 2) }, (below) => below - 1)).toEqual({
      taken: 2,
      left: Uint8Array.of(0),
    });
    expect(handOut(prekeys([]), () => 0)).toBeUndefined();
  });

  it("never gives one twice, whatever the device publishes in between", () => {
    // A device repeats any of its prekeys in its next list, in any order, and adds new ones; in between, some are handed out.
    const step = fc.record({
      repeated: fc.array(fc.nat(1000), { maxLength: 20 }),
      added: fc.nat(5),
      asked: fc.array(fc.nat(1000), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let published = numbers(0, 5);
        let next = 5;
        let held = prekeys(published);
        const handedOut: number[] = [];
        for (const { repeated, added, asked } of steps) {
          for (const number of asked) {
            const handed = handOut(held, (below) => number % below);
            if (handed === undefined) break;
            handedOut.push(prekeyId(held.list, handed.taken));
            held = { ...held, left: handed.left };
          }
          const kept = published.length === 0 ? [] : repeated.map((number) => published[number % published.length] as number);
          published = [...new Set(kept), ...numbers(next, added)];
          next += added;
          held = carryOver(held, prekeys(published));
          // What was not handed out of the new list can be had: nothing is held back.
          expect(Array.from(held.left, (index) => prekeyId(held.list, index))).toEqual(published.filter((id) => !handedOut.includes(id)));
        }
        expect(new Set(handedOut).size).toBe(handedOut.length);
      }),
    );
  });
});
