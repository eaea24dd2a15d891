// No public object that holds a secret shows it: not printed, not as text, not as JSON, not in an error message that quotes it. The detector
// itself must first find planted leaks.

import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  Phrase,
  Secret,
  accountFromPhrase,
  agree,
  ascii,
  backupKeyOf,
  backupLockOf,
  cellAddress,
  generateKeyPair,
  inviteKeys,
  newDevice,
  newInviteSecret,
  newPhrase,
  newPrekeys,
  startStaticSession,
} from "../src/index.ts";
import { NOW, person } from "./messages/people.ts";
import { begin, end } from "./messages/sessions.ts";
import { hex, testPrimitives, toHex } from "./support/index.ts";
import { leakOf, showsWords } from "./support/leaks.ts";

const p = testPrimitives("redaction");
const keys = generateKeyPair(p);
const other = generateKeyPair(p);
const phrase = newPhrase(p);
const account = accountFromPhrase(p, phrase);
const device = newDevice(p, 1);
const agreed = agree(p, keys, other.publicKey, ascii("context"));
const root = new Secret(p.randomBytes(32));
const address = cellAddress(p, root, 0);
const invite = newInviteSecret(p);
const derived = inviteKeys(p, invite);
const backupKey = backupKeyOf(p, phrase.entropy.expose());
const backupLock = backupLockOf(p, phrase.entropy.expose());
const prekeys = newPrekeys(p, NOW);
const [generation] = prekeys.generations;
const ratchets = begin(p, end(person(p)), end(person(p)), Uint8Array.of(1)).session;
/** What a session stores of its root key, chains and streams: everything after the two public keys that it begins with. */
const storedRatchets = ratchets.encode().subarray(67);

/** Every public object with a secret in it, and the bytes that must not show. */
const holders: readonly [name: string, value: object, secrets: readonly Uint8Array[]][] = [
  ["Secret", root, [root.expose()]],
  ["KeyPair", keys, [keys.privateKey.expose()]],
  ["AccountKey", account, [account.privateKey.expose()]],
  ["Phrase", phrase, [phrase.entropy.expose()]],
  ["Device", device, [device.keys.privateKey.expose()]],
  ["an agreed key", agreed, [agreed.expose()]],
  ["CellAddress", address, [address.cellKey.expose()]],
  ["InviteKeys", derived, [derived.requestKey.expose(), derived.blobKey.expose()]],
  ["BackupKey", backupKey, [backupKey.keys.privateKey.expose(), backupKey.kyber.seed.expose(), backupKey.places.expose()]],
  ["BackupLock", backupLock, [backupLock.places.expose(), backupLock.author.key.expose()]],
  ["Session", startStaticSession(p, keys, other.publicKey), [keys.privateKey.expose()]],
  ["OwnPrekeys", prekeys, [generation!.signed.privateKey.expose(), generation!.kyber.seed.expose()]],
  ["RatchetSession", ratchets, [ratchets.ends.ours.identity.privateKey.expose(), storedRatchets.subarray(-200)]],
];

/** All the ways in which a value becomes text by accident. */
function printed(value: object): string {
  const json = ((): string => {
    try {
      return JSON.stringify(value);
    } catch (error) {
      return String(error);
    }
  })();
  return [
    inspect(value, { depth: 20, showHidden: true, maxArrayLength: null }),
    format("%s %o %O %j", value, value, value, {}),
    String(value),
    `${Object.values(value).join(" ")}`,
    json,
    inspect(new Error("something failed", { cause: value }), { depth: 20 }),
  ].join("\n");
}

describe.each(holders)("%s", (name, value, secrets) => {
  test("shows no byte of its secrets", () => {
    for (const secret of secrets) expect(leakOf(printed(value), secret)).toBeUndefined();
    expect(showsWords(printed(value), phrase.words())).toBe(false);
  });

  // A session keeps its secrets in private fields, so its JSON has none; what holds a Secret in the open refuses.
  test.skipIf(name === "Session")("refuses to become JSON", () => {
    expect(() => JSON.stringify(value)).toThrow("does not become JSON");
  });
});

test("what is printed instead", () => {
  expect(inspect({ ...keys, publicKey: "…" })).toBe("{ publicKey: '…', privateKey: Secret(32 bytes) }");
  expect(inspect({ ...account, publicKey: "…", id: "…" })).toBe("{ publicKey: '…', privateKey: Secret(32 bytes), id: '…' }");
  expect(inspect({ ...device, registrationId: 7, keys: { ...device.keys, publicKey: "…" } }, { breakLength: Infinity })).toBe(
    "{ id: 1, registrationId: 7, keys: { publicKey: '…', privateKey: Secret(32 bytes) } }",
  );
  expect(inspect(phrase)).toBe("Phrase(24 words)");
  expect(String(phrase)).toBe("Phrase(24 words)");
  expect(String(root)).toBe("Secret(32 bytes)");
});

test("a wiped secret is gone", () => {
  const secret = new Secret(new Uint8Array(32).fill(7));
  secret.wipe();
  expect(secret.expose()).toEqual(new Uint8Array(32));
});

describe("the detector finds planted leaks", () => {
  const secret = hex("a85ed893b87d24c2bdb71fa3c38604a1f7600cd545070e53d3b38a3e3d580042");
  test.each<[string, unknown, string]>([
    ["a raw array", { privateKey: secret }, "decimal"],
    ["a Buffer", { privateKey: Buffer.from(secret) }, "hex"],
    ["hexadecimal", { privateKey: toHex(secret) }, "hex"],
    ["base64", { privateKey: Buffer.from(secret).toString("base64") }, "base64"],
    [
      "base64url with something before it",
      { url: `/${Buffer.from("xyz").toString("base64url")}${Buffer.from(secret).toString("base64url")}` },
      "base64",
    ],
    ["a part of it", { first: secret.slice(3, 12) }, "decimal"],
    ["deep inside", { a: { b: { c: [{ d: secret }] } } }, "decimal"],
  ])("%s", (_, value, form) => {
    expect(leakOf(printed(value as object), secret)).toBe(form);
  });

  test("an array as JSON", () => {
    expect(leakOf(JSON.stringify({ key: secret }), secret)).toBe("decimal");
  });

  test("the words of a phrase", () => {
    const careless = { phrase: phrase.words() };
    expect(showsWords(printed(careless), phrase.words())).toBe(true);
    expect(showsWords(printed(new Phrase(phrase.entropy, phrase.words())), phrase.words())).toBe(false);
  });

  test("nothing, where nothing is", () => {
    expect(leakOf(printed({ publicKey: other.publicKey, note: "Uint8Array(32) [ 1, 2, 3 ]" }), secret)).toBeUndefined();
  });
});
