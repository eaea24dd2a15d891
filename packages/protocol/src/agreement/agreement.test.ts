import { expect, test } from "vitest";
import { testPrimitives, toHex } from "../../test/support/index.ts";
import { ascii, concat } from "../bytes.ts";
import { agree, sharedPoint } from "./agreement.ts";
import { type PublicKey, generateKeyPair, keyPairFromPrivate } from "./key-pair.ts";

const p = testPrimitives("agreement");
const context = ascii("context");
const [a, b, c] = [generateKeyPair(p), generateKeyPair(p), generateKeyPair(p)];

test("both sides agree on the same 32 bytes, others on others", () => {
  const key = agree(p, a, b.publicKey, context).expose();
  expect(key).toHaveLength(32);
  expect(agree(p, b, a.publicKey, context).expose()).toEqual(key);
  expect(agree(p, c, a.publicKey, context).expose()).not.toEqual(key);
  expect(agree(p, a, c.publicKey, context).expose()).not.toEqual(key);
});

test("another context gives another key", () => {
  expect(agree(p, a, b.publicKey, ascii("other")).expose()).not.toEqual(agree(p, a, b.publicKey, context).expose());
});

test("spec §1 to the byte, and a frozen value", () => {
  const [ours, theirs] = [keyPairFromPrivate(p, new Uint8Array(32).fill(1)), keyPairFromPrivate(p, new Uint8Array(32).fill(2))];
  const [low, high] = [ours.publicKey, theirs.publicKey].toSorted((x, y) => (toHex(x) < toHex(y) ? -1 : 1)) as [PublicKey, PublicKey];
  const shared = p.x25519(ours.privateKey.expose(), theirs.publicKey.subarray(1));
  const expected = p.hkdf(undefined, shared, concat(ascii("Sotto Agreement v1"), low, high, context), 32);
  const key = agree(p, ours, theirs.publicKey, context).expose();
  expect(key).toEqual(expected);
  expect(toHex(key)).toBe("83e54614c19a89a84a82ba37973e9d4aae726e819841d883143438cce22ec2dc");
});

test("a key does not agree with itself", () => {
  expect(() => agree(p, a, a.publicKey, context)).toThrow(expect.objectContaining({ code: "agreement/invalid-key" }));
});

test("a shared point of zero is refused, even if a small-order key slipped in unparsed", () => {
  const zero = concat(Uint8Array.of(0x05), new Uint8Array(32)) as PublicKey;
  expect(() => sharedPoint(p, a, zero)).toThrow(expect.objectContaining({ code: "agreement/invalid-key" }));
});
