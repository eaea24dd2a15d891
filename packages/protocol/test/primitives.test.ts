// Every provider runs the one suite, and on random input all give the same bytes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concat } from "../src/bytes.ts";
import { nodePrimitives } from "../src/primitives/node.ts";
import { portablePrimitives } from "../src/primitives/portable.ts";
import { primitivesSuite } from "./primitives-suite.ts";
import { seededRandom } from "./support/index.ts";

primitivesSuite("the portable provider", portablePrimitives);
primitivesSuite("the node provider", nodePrimitives);

const portable = portablePrimitives(seededRandom("portable"));
const node = nodePrimitives(seededRandom("node"));

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const any = fc.uint8Array({ maxLength: 300 });

describe("the providers give the same bytes for", () => {
  test("hashes and key derivation", () => {
    const length = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(any, any, any, fc.option(any, { nil: undefined }), length, (key, data, info, salt, size) => {
        expect(node.sha256(data)).toEqual(portable.sha256(data));
        expect(node.sha512(data)).toEqual(portable.sha512(data));
        expect(node.hmac(key, data)).toEqual(portable.hmac(key, data));
        expect(node.hkdf(salt, key, info, size)).toEqual(portable.hkdf(salt, key, info, size));
      }),
    );
  });

  test("X25519", () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (privateKey, u) => {
        expect(node.x25519(privateKey, u)).toEqual(portable.x25519(privateKey, u));
        expect(node.x25519PublicKey(privateKey)).toEqual(portable.x25519PublicKey(privateKey));
      }),
      { numRuns: 50 },
    );
  });

  test("both AEADs, one sealing and the other opening", () => {
    fc.assert(
      fc.property(bytes(32), bytes(24), any, any, (key, nonce, plaintext, ad) => {
        for (const [cipher, other, length] of [
          [node.chacha20poly1305, portable.chacha20poly1305, 12],
          [portable.chacha20poly1305, node.chacha20poly1305, 12],
          [node.xchacha20poly1305, portable.xchacha20poly1305, 24],
          [portable.xchacha20poly1305, node.xchacha20poly1305, 24],
        ] as const) {
          const sealed = cipher.seal(key, nonce.subarray(0, length), plaintext, ad);
          expect(other.seal(key, nonce.subarray(0, length), plaintext, ad)).toEqual(sealed);
          expect(other.open(key, nonce.subarray(0, length), sealed, ad)).toEqual(plaintext);
        }
      }),
    );
  });

  test("Ed25519 verification of random signatures and points", () => {
    fc.assert(
      fc.property(bytes(32), any, bytes(64), (u, message, signature) => {
        const point = portable.edwards.fromMontgomery(u, 0);
        fc.pre(point !== undefined);
        expect(node.edwards.verify(point, message, signature)).toBe(portable.edwards.verify(point, message, signature));
      }),
      { numRuns: 50 },
    );
  });

  test("Argon2id", () => {
    const options = fc.record({
      memoryKiB: fc.integer({ min: 8, max: 64 }),
      iterations: fc.integer({ min: 1, max: 3 }),
      length: fc.integer({ min: 16, max: 64 }),
    });
    fc.assert(
      fc.property(any, bytes(16), options, (password, salt, chosen) => {
        expect(node.argon2id(password, salt, chosen)).toEqual(portable.argon2id(password, salt, chosen));
      }),
      { numRuns: 20 },
    );
  });
});

test("without a source, the node provider takes the system's", () => {
  const p = nodePrimitives();
  expect(p.randomBytes(32)).not.toEqual(p.randomBytes(32));
  expect(concat(p.randomBytes(0))).toEqual(new Uint8Array());
});
