import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import { fuzzDecoder, hex, seededRandom, testPrimitives, toHex } from "../../test/support/index.ts";
import { smallOrder, torsionPoints, x25519Agreement } from "../../test/vectors/primitives.ts";
import { concat } from "../bytes.ts";
import { nodePrimitives } from "../primitives/node.ts";
import { portablePrimitives } from "../primitives/portable.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { generateKeyPair, keyPairFromPrivate, parsePublicKey, uCoordinate } from "./key-pair.ts";

const p = testPrimitives("key-pair");
const withType = (u: Uint8Array): Uint8Array => concat(Uint8Array.of(0x05), u);
const accepts = (provider: Primitives, u: Uint8Array): boolean => {
  try {
    return parsePublicKey(provider, withType(u)).length === 33;
  } catch {
    return false;
  }
};
const invalidKey = expect.objectContaining({ code: "agreement/invalid-key", blame: "peer" });

test("a generated key is accepted when it comes back as bytes", () => {
  for (let i = 0; i < 20; i++) {
    const { publicKey, privateKey } = generateKeyPair(p);
    expect(parsePublicKey(p, publicKey.slice())).toEqual(publicKey);
    expect(keyPairFromPrivate(p, privateKey.expose()).publicKey).toEqual(publicKey);
  }
});

test("a private key is clamped in a copy", () => {
  const given = new Uint8Array(32).fill(0xff);
  const { privateKey } = keyPairFromPrivate(p, given);
  expect(given).toEqual(new Uint8Array(32).fill(0xff));
  expect([privateKey.expose()[0], privateKey.expose()[31]]).toEqual([0xf8, 0x7f]);
});

test("the public key is RFC 7748's behind a type byte", () => {
  const { publicKey } = keyPairFromPrivate(p, hex(x25519Agreement.alicePrivate));
  expect(publicKey).toEqual(hex(`05${x25519Agreement.alicePublic}`));
  expect(uCoordinate(publicKey)).toEqual(hex(x25519Agreement.alicePublic));
});

test("a private key of another length is our caller's mistake", () => {
  for (const length of [0, 31, 33]) {
    expect(() => keyPairFromPrivate(p, new Uint8Array(length))).toThrow(expect.objectContaining({ code: "argument/invalid" }));
  }
});

test.each(smallOrder)("the small-order key %s is refused", (u) => {
  expect(() => parsePublicKey(p, withType(hex(u)))).toThrow(invalidKey);
});

test("a key with a torsion part is refused", () => {
  const { Point } = ed25519;
  for (const torsion of torsionPoints.slice(1)) {
    const mixed = Point.BASE.add(Point.fromHex(torsion));
    expect(() => parsePublicKey(p, withType(ed25519.utils.toMontgomery(mixed.toBytes())))).toThrow(invalidKey);
  }
  // The planted positive: without the torsion part the same construction is a good key.
  expect(parsePublicKey(p, withType(ed25519.utils.toMontgomery(Point.BASE.toBytes())))).toHaveLength(33);
});

test.each([
  ["portable", portablePrimitives(seededRandom("classes"))],
  ["node", nodePrimitives(seededRandom("classes"))],
])(
  "of every coset of the small subgroup, only the prime-order group is accepted: the library's answer, on %s primitives",
  (_name, provider) => {
    const { Point, utils } = ed25519;
    let accepted = 0;
    for (let i = 0; i < 6; i++) {
      const inGroup = Point.BASE.multiply(BigInt(`0x${toHex(provider.randomBytes(31))}`) + 1n);
      for (const torsion of torsionPoints) {
        const point = inGroup.add(Point.fromHex(torsion));
        expect(accepts(provider, utils.toMontgomery(point.toBytes()))).toBe(point.isTorsionFree());
        if (point.isTorsionFree()) accepted++;
      }
    }
    expect(accepted).toBe(6);
  },
);

test("of random coordinates, half of them on the twist, only those in the prime-order group are accepted", () => {
  const random = seededRandom("coordinates");
  const node = nodePrimitives(random);
  let [onCurve, accepted] = [0, 0];
  for (let i = 0; i < 400; i++) {
    const u = random(32);
    u[31] = (u[31] as number) & 0x7f;
    const point = pointAt(node.edwards.fromMontgomery(u, 0) as Uint8Array);
    if (point !== undefined) onCurve++;
    const expected = point?.isTorsionFree() === true;
    if (expected) accepted++;
    expect(accepts(node, u)).toBe(expected);
  }
  // One half, and an eighth of that.
  expect(onCurve).toBeGreaterThan(150);
  expect(onCurve).toBeLessThan(250);
  expect(accepted).toBeGreaterThan(10);
});

function pointAt(encoded: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(encoded);
  } catch {
    return undefined;
  }
}

test("a second encoding of a good key is refused", () => {
  const u = uCoordinate(generateKeyPair(p).publicKey).slice();
  u[31] = (u[31] as number) | 0x80;
  expect(() => parsePublicKey(p, withType(u))).toThrow(invalidKey);
});

test("a key on the twist, of another length or type is refused", () => {
  const good = generateKeyPair(p).publicKey;
  const bad = [hex(`0502${"00".repeat(31)}`), good.slice(0, 32), concat(good, Uint8Array.of(0)), uCoordinate(good), new Uint8Array()];
  const otherType = good.slice();
  otherType[0] = 0x06;
  for (const bytes of [...bad, otherType]) expect(() => parsePublicKey(p, bytes)).toThrow(invalidKey);
});

test("damaged keys fail with the typed error or are other keys", () => {
  fuzzDecoder(generateKeyPair(p).publicKey, (bytes) => parsePublicKey(p, bytes), { runs: 100 });
});
