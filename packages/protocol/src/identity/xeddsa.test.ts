import fc from "fast-check";
import { expect, test } from "vitest";
import { hex, testPrimitives, toHex } from "../../test/support/index.ts";
import { xeddsa } from "../../test/vectors/identity.ts";
import { generateKeyPair, keyPairFromPrivate, parsePublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { multiplyAdd, reduceScalar } from "./scalar.ts";
import { sign, verify } from "./xeddsa.ts";

const p = testPrimitives("xeddsa");
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const number = (scalar: Uint8Array): bigint => BigInt(`0x${toHex(scalar.toReversed())}`);
const scalar = (value: bigint): Uint8Array => hex(value.toString(16).padStart(64, "0")).toReversed();

test.each(xeddsa)(
  "libsignal's signature of '$message' verifies, and ours by the same key",
  ({ privateKey, publicKey, message, signature }) => {
    const key = parsePublicKey(p, hex(publicKey));
    const ours = keyPairFromPrivate(p, hex(privateKey));
    expect(ours.publicKey).toEqual(key);
    expect(verify(p, key, ascii(message), hex(signature))).toBe(true);
    expect(verify(p, key, ascii(message), sign(p, ours, ascii(message)))).toBe(true);
  },
);

test("signatures of random keys and messages verify, and only for them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 300 }), (privateKey, message) => {
      const keys = keyPairFromPrivate(p, privateKey);
      const signature = sign(p, keys, message);
      expect(verify(p, keys.publicKey, message, signature)).toBe(true);
      expect(verify(p, keys.publicKey, concat(message, Uint8Array.of(0)), signature)).toBe(false);
      expect(verify(p, generateKeyPair(p).publicKey, message, signature)).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test("every flipped bit of a signature is refused, and every other length", () => {
  const keys = generateKeyPair(p);
  const signature = sign(p, keys, ascii("m"));
  for (let bit = 0; bit < 512; bit++) {
    const changed = signature.slice();
    changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(verify(p, keys.publicKey, ascii("m"), changed)).toBe(false);
  }
  for (const length of [0, 32, 63]) expect(verify(p, keys.publicKey, ascii("m"), signature.subarray(0, length))).toBe(false);
  expect(verify(p, keys.publicKey, ascii("m"), concat(signature, Uint8Array.of(0)))).toBe(false);
});

test("a repeated message gets another signature", () => {
  const keys = generateKeyPair(p);
  expect(sign(p, keys, ascii("m"))).not.toEqual(sign(p, keys, ascii("m")));
});

test("the specification's form, scalar negated and sign bit 0, verifies too", () => {
  // Of these keys some have a point with sign 1, where the two forms differ.
  let differing = 0;
  for (let i = 0; i < 8; i++) {
    const keys = generateKeyPair(p);
    const a = number(reduceScalar(keys.privateKey.expose()));
    const isNegative = ((p.edwards.multiplyBase(scalar(a))[31] as number) & 0x80) !== 0;
    differing += Number(isNegative);
    const secret = isNegative ? L - a : a;
    const R = p.edwards.multiplyBase(scalar(12345n));
    const h = reduceScalar(p.sha512(concat(R, p.edwards.multiplyBase(scalar(secret)), ascii("m"))));
    const signature = concat(R, multiplyAdd(h, scalar(secret), scalar(12345n)));
    expect(verify(p, keys.publicKey, ascii("m"), signature)).toBe(true);
  }
  expect(differing).toBeGreaterThan(0);
});

test("s + L, a second signature made of the first, is refused", () => {
  const keys = generateKeyPair(p);
  const signature = sign(p, keys, ascii("m"));
  const signBit = (signature[63] as number) & 0x80;
  const s = signature.slice(32);
  s[31] = (s[31] as number) & 0x7f;
  const malleated = scalar(number(s) + L);
  malleated[31] = (malleated[31] as number) | signBit;
  expect(verify(p, keys.publicKey, ascii("m"), concat(signature.subarray(0, 32), malleated))).toBe(false);
});

test("scalar arithmetic is arithmetic modulo L", () => {
  const any = fc.uint8Array({ minLength: 32, maxLength: 64 });
  fc.assert(
    fc.property(any, any, any, (x, y, z) => {
      expect(number(reduceScalar(x))).toBe(number(x) % L);
      expect(number(multiplyAdd(x, y, z))).toBe((number(x) * number(y) + number(z)) % L);
    }),
  );
});
