import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { ascii } from "../bytes.ts";
import { agree } from "./agreement.ts";
import { BOX_OVERHEAD, openBox, openBoxWithKey, sealBox, sealBoxWithKey } from "./box.ts";
import { generateKeyPair } from "./key-pair.ts";

const p = testPrimitives("box");
const [alice, bob, eve] = [generateKeyPair(p), generateKeyPair(p), generateKeyPair(p)];
const context = ascii("context");
const ad = ascii("beside it");
const invalidBox = expect.objectContaining({ code: "agreement/box-invalid", blame: "peer" });

test("what one seals the other opens, whatever it is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.uint8Array({ maxLength: 50 }), (plaintext, beside) => {
      const box = sealBox(p, alice, bob.publicKey, context, plaintext, beside);
      expect(box).toHaveLength(plaintext.length + BOX_OVERHEAD);
      expect(openBox(p, bob, alice.publicKey, context, box, beside)).toEqual(plaintext);
    }),
    { numRuns: 30 },
  );
});

test("the same words never make the same box", () => {
  const seal = (): Uint8Array => sealBox(p, alice, bob.publicKey, context, ascii("hi"), ad);
  expect(seal()).not.toEqual(seal());
});

test("a box cannot be sent back to its author, who has the same key", () => {
  const box = sealBox(p, alice, bob.publicKey, context, ascii("hi"), ad);
  expect(() => openBox(p, alice, bob.publicKey, context, box, ad)).toThrow(invalidBox);
});

test("another reader, sender, context or ad does not open it", () => {
  const box = sealBox(p, alice, bob.publicKey, context, ascii("hi"), ad);
  expect(() => openBox(p, eve, alice.publicKey, context, box, ad)).toThrow(invalidBox);
  expect(() => openBox(p, bob, eve.publicKey, context, box, ad)).toThrow(invalidBox);
  expect(() => openBox(p, bob, alice.publicKey, ascii("other"), box, ad)).toThrow(invalidBox);
  expect(() => openBox(p, bob, alice.publicKey, context, box, ascii("other"))).toThrow(invalidBox);
});

test("every damaged box is refused", () => {
  const key = agree(p, alice, bob.publicKey, context);
  const direction = { sender: alice.publicKey, recipient: bob.publicKey };
  const box = sealBoxWithKey(p, key, direction, ascii("hello world"), ad);
  expect(openBox(p, bob, alice.publicKey, context, box, ad)).toEqual(ascii("hello world"));
  fuzzDecoder(box, (bytes) => openBoxWithKey(p, key, direction, bytes, ad), { refusesAll: true });
});
