import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { ascii, concat } from "../bytes.ts";
import { MAX_PAYLOAD } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type CellAddress, type CellKind, cellAddress, cellKinds, openCell, sealCell, splitAddress } from "./cell.ts";

const kinds = Object.keys(cellKinds) as CellKind[];

function address(p: Primitives): CellAddress {
  return cellAddress(p, new Secret(p.randomBytes(32)), 0);
}

/** A body as a faulty writer would seal it: any 4,064 bytes of plaintext under the right key. */
function sealPlaintext(p: Primitives, { tag, cellKey }: CellAddress, plaintext: Uint8Array): Uint8Array {
  const salt = p.randomBytes(16);
  const key = p.hkdf(salt, cellKey.expose(), ascii("Sotto Body v1"), 32);
  return concat(salt, p.chacha20poly1305.seal(key, new Uint8Array(12), plaintext, tag));
}

describe("cells", () => {
  test("every kind and length comes back, in bodies of one size", () => {
    const p = testPrimitives();
    const length = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: MAX_PAYLOAD - 3, max: MAX_PAYLOAD }));
    fc.assert(
      fc.property(fc.constantFrom(...kinds), length, fc.nat({ max: 255 }), (kind, size, fill) => {
        const where = address(p);
        const payload = new Uint8Array(size).fill(fill);
        const body = sealCell(p, where, kind, payload);
        expect(body).toHaveLength(4096);
        expect(openCell(p, where, body)).toEqual({ kind, payload });
      }),
      { numRuns: 50 },
    );
  });

  test("a payload of one byte too many is refused", () => {
    const p = testPrimitives();
    const error = expect.objectContaining({ code: "message/too-large", details: { limit: 4061, size: 4062 } });
    expect(() => sealCell(p, address(p), "static", new Uint8Array(4062))).toThrow(error);
  });

  test("two bodies for one payload share nothing", () => {
    const p = testPrimitives();
    const where = address(p);
    const [one, other] = [sealCell(p, where, "dummy", new Uint8Array(9)), sealCell(p, where, "dummy", new Uint8Array(9))];
    const equal = one.reduce((count, byte, i) => count + (byte === other[i] ? 1 : 0), 0);
    expect(equal).toBeLessThan(60);
  });

  test("another key, another tag, another index: it does not open", () => {
    const p = testPrimitives();
    const root = new Secret(p.randomBytes(32));
    const [first, second] = [cellAddress(p, root, 0), cellAddress(p, root, 1)];
    const body = sealCell(p, first, "static", ascii("x"));
    const invalid = expect.objectContaining({ code: "cell/invalid" });
    expect(() => openCell(p, second, body)).toThrow(invalid);
    expect(() => openCell(p, { tag: second.tag, cellKey: first.cellKey }, body)).toThrow(invalid);
    expect(() => openCell(p, { tag: first.tag, cellKey: second.cellKey }, body)).toThrow(invalid);
  });

  test.each([
    ["an unknown kind", [7, 0, 0]],
    ["a length beyond the end", [6, 0x0f, 0xde]],
    ["a length far beyond the end", [6, 0xff, 0xff]],
    ["padding that is not zero", [6, 0, 0, 1]],
  ])("%s is refused, although the key is right", (_, head) => {
    const p = testPrimitives();
    const where = address(p);
    const plaintext = new Uint8Array(4064);
    expect(openCell(p, where, sealPlaintext(p, where, plaintext)).kind).toBe("dummy");
    plaintext.set(head);
    expect(() => openCell(p, where, sealPlaintext(p, where, plaintext))).toThrow(expect.objectContaining({ code: "cell/invalid" }));
  });

  test("padding that is not zero in the last byte is refused", () => {
    const p = testPrimitives();
    const where = address(p);
    const plaintext = new Uint8Array(4064);
    plaintext[4063] = 1;
    expect(() => openCell(p, where, sealPlaintext(p, where, plaintext))).toThrow(expect.objectContaining({ code: "cell/invalid" }));
  });

  test("damaged bodies are refused, all of them", () => {
    const p = testPrimitives();
    const where = address(p);
    fuzzDecoder(sealCell(p, where, "static", ascii("hello")), (body) => openCell(p, where, body), { refusesAll: true, runs: 200 });
  });

  test("the key of a cell is not printed", () => {
    const p = testPrimitives();
    expect(String(address(p).cellKey)).toBe("Secret(32 bytes)");
    expect(() => splitAddress(new Uint8Array(47))).toThrow(expect.objectContaining({ code: "decode/invalid" }));
    expect(() => splitAddress(new Uint8Array(49))).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });
});
