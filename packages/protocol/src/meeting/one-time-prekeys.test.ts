import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { generateKeyPair } from "../agreement/key-pair.ts";
import { MAX_ONE_TIME_PREKEYS } from "../limits.ts";
import { decodeOneTimePrekeys, encodeOneTimePrekeys, hashOneTimePrekeys, takenOneTimePrekey } from "./one-time-prekeys.ts";

const code = (name: string): unknown => expect.objectContaining({ code: name });
const p = testPrimitives("one-time prekeys");
const keys = Array.from({ length: 3 }, (_, i) => ({ id: 10 + i, key: generateKeyPair(p).publicKey }));
const list = encodeOneTimePrekeys(keys);
const hash = hashOneTimePrekeys(p, list);

describe("a list of one-time prekeys", () => {
  test("comes back as it was, in its order", () => {
    const entry = fc.record({ id: fc.nat(0xffffffff), key: fc.uint8Array({ minLength: 33, maxLength: 33 }) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 100 }), (some) => {
        expect(decodeOneTimePrekeys(encodeOneTimePrekeys(some))).toEqual(some);
      }),
    );
  });

  test("has at most 100 of them", () => {
    const many = (count: number): Uint8Array => encodeOneTimePrekeys(Array.from({ length: count }, () => keys[0]!));
    expect(decodeOneTimePrekeys(many(MAX_ONE_TIME_PREKEYS))).toHaveLength(100);
    expect(() => decodeOneTimePrekeys(many(MAX_ONE_TIME_PREKEYS + 1))).toThrow(code("decode/invalid"));
  });

  test("that is damaged fails with the typed error", () => {
    fuzzDecoder(list, decodeOneTimePrekeys);
  });
});

describe("a one-time prekey that a relay handed out", () => {
  test("is the one at its place", () => {
    for (const [i, key] of keys.entries()) expect(takenOneTimePrekey(p, list, i, hash)).toEqual(key);
  });

  test.each([3, -1, 0.5, Number.NaN])("at place %d of 3 is none", (taken) => {
    expect(() => takenOneTimePrekey(p, list, taken, hash)).toThrow(code("decode/invalid"));
  });

  test("of a list that the device did not sign is refused, whatever was swapped in it", () => {
    const swapped = encodeOneTimePrekeys([keys[1]!, keys[0]!, keys[2]!]);
    const foreign = encodeOneTimePrekeys([{ id: 10, key: generateKeyPair(p).publicKey }]);
    for (const other of [swapped, foreign, encodeOneTimePrekeys([])]) {
      expect(() => takenOneTimePrekey(p, other, 0, hash)).toThrow(code("identity/bad-signature"));
    }
    fuzzDecoder(list, (bytes) => takenOneTimePrekey(p, bytes, 0, hash), { refusesAll: true });
  });

  test("beside a bundle that signs no list is refused", () => {
    const none = hashOneTimePrekeys(p, undefined);
    expect(none).toEqual(new Uint8Array(32));
    for (const bytes of [list, encodeOneTimePrekeys([]), new Uint8Array()]) {
      expect(() => takenOneTimePrekey(p, bytes, 0, none)).toThrow(code("identity/bad-signature"));
    }
  });
});
