// Every provider runs the one suite, and on random input all give the same bytes.

import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascii, concat } from "../src/bytes.ts";
import { portableArgon2id } from "../src/primitives/argon2id.ts";
import { nodeArgon2id, nodePrimitives } from "../src/primitives/node.ts";
import { portablePrimitives } from "../src/primitives/portable.ts";
import { loadSodiumPrimitives } from "../src/primitives/sodium.ts";
import { primitivesSuite } from "./primitives-suite.ts";
import { seededRandom, toHex } from "./support/index.ts";
import * as vectors from "./vectors/primitives.ts";

primitivesSuite("the portable provider", portablePrimitives);
primitivesSuite("the node provider", nodePrimitives);
primitivesSuite("the sodium provider", loadSodiumPrimitives);

const portable = portablePrimitives(seededRandom("portable"));
const node = nodePrimitives(seededRandom("node"));
const sodium = await loadSodiumPrimitives(seededRandom("sodium"));

const { Point } = ed25519;
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const any = fc.uint8Array({ maxLength: 300 });

describe.each([
  { name: "node", other: node },
  { name: "sodium", other: sodium },
])("the portable and the $name provider give the same for", ({ other }) => {
  test("hashes and key derivation", () => {
    const length = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(any, any, any, fc.option(any, { nil: undefined }), length, (key, data, info, salt, size) => {
        expect(other.sha256(data)).toEqual(portable.sha256(data));
        expect(other.sha512(data)).toEqual(portable.sha512(data));
        expect(other.hmac(key, data)).toEqual(portable.hmac(key, data));
        expect(other.hkdf(salt, key, info, size)).toEqual(portable.hkdf(salt, key, info, size));
      }),
    );
  });

  test("HMAC and HKDF at every edge of a block", () => {
    const random = seededRandom("edges");
    for (let length = 0; length <= 200; length++) {
      const [key, whole] = [random(length), random(32)];
      expect(other.hmac(key, whole)).toEqual(portable.hmac(key, whole));
      expect(other.hmac(whole, key)).toEqual(portable.hmac(whole, key));
      expect(other.hkdfExpand(whole, key, 1 + length)).toEqual(portable.hkdfExpand(whole, key, 1 + length));
    }
    expect(other.hkdf(undefined, new Uint8Array(5), new Uint8Array(), 8160)).toHaveLength(8160);
    expect(() => other.hkdf(undefined, new Uint8Array(5), new Uint8Array(), 8161)).toThrow(/8,160/);
  });

  test("X25519", () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (privateKey, u) => {
        expect(other.x25519(privateKey, u)).toEqual(portable.x25519(privateKey, u));
        expect(other.x25519PublicKey(privateKey)).toEqual(portable.x25519PublicKey(privateKey));
      }),
      { numRuns: 50 },
    );
    // Unreduced coordinates, and the bit that RFC 7748 §5 masks.
    for (const last of [0x7f, 0xff]) {
      for (let first = 0xe0; first <= 0xff; first++) {
        const [privateKey, u] = [new Uint8Array(32).fill(first), new Uint8Array(32).fill(0xff)];
        u[0] = first;
        u[31] = last;
        expect(other.x25519(privateKey, u)).toEqual(portable.x25519(privateKey, u));
      }
    }
  });

  test("both AEADs, one sealing and the other opening", () => {
    fc.assert(
      fc.property(bytes(32), bytes(24), any, any, (key, nonce, plaintext, ad) => {
        for (const [cipher, opener, length] of [
          [other.chacha20poly1305, portable.chacha20poly1305, 12],
          [portable.chacha20poly1305, other.chacha20poly1305, 12],
          [other.xchacha20poly1305, portable.xchacha20poly1305, 24],
          [portable.xchacha20poly1305, other.xchacha20poly1305, 24],
        ] as const) {
          const sealed = cipher.seal(key, nonce.subarray(0, length), plaintext, ad);
          expect(opener.seal(key, nonce.subarray(0, length), plaintext, ad)).toEqual(sealed);
          expect(opener.open(key, nonce.subarray(0, length), sealed, ad)).toEqual(plaintext);
        }
      }),
    );
  });

  test("AES-CBC and SHA-3, and both refuse the same ciphertexts", () => {
    const damaged = fc.uint8Array({ maxLength: 64 });
    fc.assert(
      fc.property(bytes(32), bytes(16), any, damaged, (key, iv, plaintext, bad) => {
        expect(other.aes256cbc.encrypt(key, iv, plaintext)).toEqual(portable.aes256cbc.encrypt(key, iv, plaintext));
        expect(other.aes256cbc.decrypt(key, iv, bad)).toEqual(portable.aes256cbc.decrypt(key, iv, bad));
        expect(other.sha3_256(plaintext)).toEqual(portable.sha3_256(plaintext));
        expect(other.shake256(plaintext, 100)).toEqual(portable.shake256(plaintext, 100));
      }),
    );
  });

  test.each([
    ["mlKem768", 1088],
    ["mlKem1024", 1568],
  ] as const)("%s, also for ciphertexts that nobody made", (name, length) => {
    fc.assert(
      fc.property(bytes(64), bytes(32), fc.nat(), (seed, message, chance) => {
        const publicKey = other[name].publicKey(seed);
        expect(publicKey).toEqual(portable[name].publicKey(seed));
        const sent = other[name].encapsulate(publicKey);
        if (sent === undefined) throw new Error("a generated key is well-formed");
        expect(portable[name].decapsulate(seed, sent.ciphertext)).toEqual(sent.sharedSecret);
        expect(portable[name].encapsulate(publicKey, message)).toEqual(other[name].encapsulate(publicKey, message));
        const random = seededRandom(chance)(length);
        expect(other[name].decapsulate(seed, random)).toEqual(portable[name].decapsulate(seed, random));
      }),
      { numRuns: 20 },
    );
  });

  test("Ed25519 verification of random signatures and points", () => {
    fc.assert(
      fc.property(bytes(32), any, bytes(64), (u, message, signature) => {
        const point = portable.edwards.fromMontgomery(u, 0);
        fc.pre(point !== undefined);
        expect(other.edwards.verify(point, message, signature)).toBe(portable.edwards.verify(point, message, signature));
      }),
      { numRuns: 50 },
    );
  });

  test("Ed25519 verification under keys with a torsion part, where verifiers differ most", () => {
    const answers = new Set<boolean>();
    for (const [i, torsion] of [...vectors.torsionPoints, ...vectors.torsionPoints].entries()) {
      const point = Point.BASE.multiply(5n).add(Point.fromHex(torsion)).toBytes();
      for (let nonce = 1n; nonce < 9n; nonce++) {
        const [r, message] = [Point.BASE.multiply(nonce).toBytes(), Uint8Array.of(i)];
        const h = bytesToNumberLE(sha512(concat(r, point, message))) % Point.Fn.ORDER;
        const signature = concat(r, Point.Fn.toBytes(Point.Fn.create(nonce + h * 5n)));
        const answer = portable.edwards.verify(point, message, signature);
        expect(other.edwards.verify(point, message, signature)).toBe(answer);
        answers.add(answer);
      }
    }
    expect(answers.size).toBe(2);
  });
});

test("Argon2id of both providers is the same", () => {
  const options = fc.record({
    memoryKiB: fc.integer({ min: 8, max: 64 }),
    iterations: fc.integer({ min: 1, max: 3 }),
    length: fc.integer({ min: 16, max: 64 }),
  });
  fc.assert(
    fc.property(any, bytes(16), options, (password, salt, chosen) => {
      expect(nodeArgon2id(password, salt, chosen)).toEqual(portableArgon2id(password, salt, chosen));
    }),
    { numRuns: 20 },
  );
});

test.each([
  { name: "portable", argon2id: portableArgon2id },
  { name: "node", argon2id: nodeArgon2id },
])("Argon2id of $name", ({ argon2id }) => {
  const { password, salt, memoryKiB, iterations, hash } = vectors.argon2id;
  expect(toHex(argon2id(ascii(password), ascii(salt), { memoryKiB, iterations, length: 32 }))).toBe(hash);
});

test("without a source, the node provider takes the system's", () => {
  const p = nodePrimitives();
  expect(p.randomBytes(32)).not.toEqual(p.randomBytes(32));
  expect(concat(p.randomBytes(0))).toEqual(new Uint8Array());
});

test("the node provider's own key pairs are clamped, agree, and are fresh; randomness that is given decides", () => {
  const { x25519KeyPair, x25519 } = nodePrimitives();
  const made = Array.from({ length: 20 }, () => x25519KeyPair?.() as { privateKey: Uint8Array; publicKey: Uint8Array });
  for (const [i, { privateKey, publicKey }] of made.entries()) {
    expect(portable.x25519PublicKey(privateKey)).toEqual(publicKey);
    expect([(privateKey[0] as number) & 0x07, (privateKey[31] as number) & 0xc0]).toEqual([0, 0x40]);
    const other = made[(i + 1) % made.length] as (typeof made)[number];
    expect(x25519(privateKey, other.publicKey)).toEqual(portable.x25519(other.privateKey, publicKey));
    expect(privateKey).not.toEqual(other.privateKey);
  }
  expect(node.x25519KeyPair).toBeUndefined();
});

test("a private key that was overwritten is another key to the node provider", () => {
  const { x25519, x25519PublicKey, x25519KeyPair } = nodePrimitives();
  const privateKey = x25519KeyPair?.().privateKey as Uint8Array;
  privateKey.set(new Uint8Array(32).fill(0x40));
  const nine = Uint8Array.of(9, ...new Uint8Array(31));
  expect(x25519PublicKey(privateKey)).toEqual(portable.x25519PublicKey(privateKey));
  expect(x25519(privateKey, nine)).toEqual(portable.x25519(privateKey, nine));
});

test("importing keys leaves stack traces as they were", () => {
  const before = Error.stackTraceLimit;
  nodePrimitives().x25519PublicKey(new Uint8Array(32).fill(7));
  expect(() => nodePrimitives().x25519PublicKey(new Uint8Array(31))).toThrow(/key/);
  expect(Error.stackTraceLimit).toBe(before);
  expect(new Error("with a stack").stack).toContain("primitives.test.ts");
});
