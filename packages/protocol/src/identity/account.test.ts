import { bech32, bech32m } from "@scure/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hex, testPrimitives } from "../../test/support/index.ts";
import { bech32mStrings, ourAccount } from "../../test/vectors/identity.ts";
import { smallOrder } from "../../test/vectors/primitives.ts";
import { generateKeyPair, uCoordinate } from "../agreement/key-pair.ts";
import { accountFromPhrase, accountId, parseAccountId, serviceId } from "./account.ts";
import { newPhrase, phraseFromEntropy } from "./phrase.ts";

const p = testPrimitives("account");
const invalidId = expect.objectContaining({ code: "identity/invalid-id", blame: "user" });

test("a phrase is always the same account: the frozen vector", () => {
  const account = accountFromPhrase(p, phraseFromEntropy(p, hex(ourAccount.entropy)));
  expect(account.publicKey).toEqual(hex(ourAccount.publicKey));
  expect(account.id).toBe(ourAccount.id);
  expect(serviceId(p, account.publicKey)).toBe(ourAccount.serviceId);
});

test("12 words make an account too, and another one", () => {
  const short = accountFromPhrase(p, phraseFromEntropy(p, new Uint8Array(16)));
  expect(short.id).not.toBe(accountFromPhrase(p, phraseFromEntropy(p, new Uint8Array(32))).id);
});

test("an id holds the whole key and comes back, in either case and with spaces around", () => {
  const { publicKey, id } = accountFromPhrase(p, newPhrase(p));
  expect(id).toMatch(/^sotto1[a-z0-9]{58}$/);
  for (const text of [id, id.toUpperCase(), `  ${id}\n`]) expect(parseAccountId(p, text)).toEqual(publicKey);
});

test("every single wrong character is noticed", () => {
  const id = accountId(generateKeyPair(p).publicKey);
  for (let i = 0; i < id.length; i++) {
    const wrong = id[i] === "q" ? "p" : "q";
    expect(() => parseAccountId(p, id.slice(0, i) + wrong + id.slice(i + 1))).toThrow(invalidId);
  }
});

test("other prefixes, bech32 without m, mixed case, other lengths and unusable keys are no ids", () => {
  const u = uCoordinate(generateKeyPair(p).publicKey);
  const id = bech32m.encode("sotto", bech32m.toWords(u));
  const bad = [
    bech32m.encode("other", bech32m.toWords(u)),
    bech32.encode("sotto", bech32.toWords(u)),
    id.slice(0, 40) + id.slice(40).toUpperCase(),
    id.slice(0, -1),
    `${id}q`,
    "",
    bech32m.encode("sotto", bech32m.toWords(u.subarray(1))),
    ...smallOrder.map((point) => bech32m.encode("sotto", bech32m.toWords(hex(point)))),
  ];
  for (const text of bad) expect(() => parseAccountId(p, text)).toThrow(invalidId);
});

test("padding bits that are not zero are refused: one id per key", () => {
  const words = bech32m.toWords(uCoordinate(generateKeyPair(p).publicKey));
  words[51] = (words[51] as number) | 1;
  expect(() => parseAccountId(p, bech32m.encode("sotto", words))).toThrow(invalidId);
});

test("the library under it knows BIP-350's strings", () => {
  for (const text of bech32mStrings.valid) expect(bech32m.decodeUnsafe(text)).toBeDefined();
  for (const text of bech32mStrings.invalid) expect(bech32m.decodeUnsafe(text)).toBeUndefined();
});

test("a service id is a UUID of the key", () => {
  const { publicKey } = generateKeyPair(p);
  expect(serviceId(p, publicKey)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(serviceId(p, publicKey)).toBe(serviceId(p, publicKey));
});

test("any text whatever is an id or the typed error", () => {
  const { id } = accountFromPhrase(p, newPhrase(p));
  const nearly = fc
    .tuple(fc.nat({ max: 63 }), fc.string({ maxLength: 3 }))
    .map(([at, text]) => id.slice(0, at) + text + id.slice(at + text.length));
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 100 }), nearly), (text) => {
      try {
        expect(accountId(parseAccountId(p, text))).toBe(text.trim().toLowerCase());
      } catch (error) {
        expect(error).toMatchObject({ code: "identity/invalid-id" });
      }
    }),
  );
});
