// Holds keys, agreement, signatures and safety numbers against libsignal-client, on random keys, with every provider. What agrees here is
// what an implementation that nobody of this project wrote computes.

import { Fingerprint, PrivateKey, PublicKey as SignalPublicKey } from "@signalapp/libsignal-client";
import {
  type KeyPair,
  type Primitives,
  generateKeyPair,
  keyPairFromPrivate,
  parsePublicKey,
  safetyNumber,
  sharedPoint,
  sign,
  uCoordinate,
  verify,
} from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { portablePrimitives } from "@sotto/protocol/primitives/portable";
import { hex, seededRandom } from "@sotto/protocol/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

// libsignal's types ask for arrays on a plain ArrayBuffer.
const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
const theirPrivate = (keys: KeyPair): PrivateKey => PrivateKey.deserialize(plain(keys.privateKey.expose()));
const theirPublic = (keys: KeyPair): SignalPublicKey => SignalPublicKey.deserialize(plain(keys.publicKey));

const privateKeys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 2000 });

const providers: readonly [string, Primitives][] = [
  ["portable", portablePrimitives(seededRandom("oracle"))],
  ["node", nodePrimitives(seededRandom("oracle"))],
];

describe.each(providers)("with the %s provider", (_, p) => {
  test("a private key has libsignal's public key, clamped or not", () => {
    fc.assert(
      fc.property(privateKeys, (bytes) => {
        const keys = keyPairFromPrivate(p, bytes);
        expect(plain(keys.publicKey)).toEqual(plain(PrivateKey.deserialize(plain(bytes)).getPublicKey().serialize()));
        expect(plain(keys.privateKey.expose())).toEqual(plain(theirPrivate(keys).serialize()));
      }),
      { numRuns: 50 },
    );
  });

  test("a key that libsignal made is accepted", () => {
    for (let i = 0; i < 20; i++) {
      const key = PrivateKey.generate().getPublicKey().serialize();
      expect(plain(parsePublicKey(p, key))).toEqual(plain(key));
    }
  });

  test("the agreement is libsignal's, both ways", () => {
    fc.assert(
      fc.property(privateKeys, privateKeys, (a, b) => {
        const [ours, theirs] = [keyPairFromPrivate(p, a), keyPairFromPrivate(p, b)];
        fc.pre(!ours.publicKey.every((byte, i) => byte === theirs.publicKey[i]));
        const expected = plain(theirPrivate(theirs).agree(theirPublic(ours)));
        expect(plain(sharedPoint(p, ours, theirs.publicKey).expose())).toEqual(expected);
        expect(plain(theirPrivate(ours).agree(theirPublic(theirs)))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("libsignal verifies our signatures, and no other's", () => {
    fc.assert(
      fc.property(privateKeys, messages, (bytes, message) => {
        const keys = keyPairFromPrivate(p, bytes);
        const signature = plain(sign(p, keys, message));
        expect(theirPublic(keys).verify(plain(message), signature)).toBe(true);
        expect(theirPublic(generateKeyPair(p)).verify(plain(message), signature)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test("we verify libsignal's signatures, and no other's", () => {
    fc.assert(
      fc.property(privateKeys, messages, (bytes, message) => {
        const keys = keyPairFromPrivate(p, bytes);
        const signature = theirPrivate(keys).sign(plain(message));
        expect(verify(p, keys.publicKey, message, signature)).toBe(true);
        expect(verify(p, generateKeyPair(p).publicKey, message, signature)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test("of a signature with one flipped bit, both say the same", () => {
    fc.assert(
      fc.property(privateKeys, messages, fc.nat({ max: 511 }), (bytes, message, bit) => {
        const keys = keyPairFromPrivate(p, bytes);
        const signature = plain(sign(p, keys, message));
        signature[bit >> 3] = (signature[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(verify(p, keys.publicKey, message, signature)).toBe(theirPublic(keys).verify(plain(message), signature));
      }),
      { numRuns: 50 },
    );
  });

  test("the safety number is libsignal's numeric fingerprint, version 2, from both sides", () => {
    for (let i = 0; i < 3; i++) {
      const [a, b] = [generateKeyPair(p), generateKeyPair(p)];
      const [ua, ub] = [plain(uCoordinate(a.publicKey)), plain(uCoordinate(b.publicKey))];
      const expected = Fingerprint.new(5200, 2, ua, theirPublic(a), ub, theirPublic(b)).displayableFingerprint().toString();
      expect(safetyNumber(p, a.publicKey, b.publicKey)).toBe(expected);
      expect(safetyNumber(p, b.publicKey, a.publicKey)).toBe(expected);
    }
  });
});

test("where we are stricter: s + L, which libsignal lets pass, and we do not", () => {
  const p = nodePrimitives(seededRandom("malleable"));
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const keys = generateKeyPair(p);
  const signature = plain(sign(p, keys, hex("6d")));
  const top = signature[63] as number;
  signature[63] = top & 0x7f;
  let s = signature.slice(32).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n) + L;
  for (let i = 32; i < 64; i++, s >>= 8n) signature[i] = Number(s & 0xffn);
  signature[63] = (signature[63] as number) | (top & 0x80);
  expect(theirPublic(keys).verify(plain(hex("6d")), signature)).toBe(true);
  expect(verify(p, keys.publicKey, hex("6d"), signature)).toBe(false);
});
