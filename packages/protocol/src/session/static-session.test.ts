import { describe, expect, test } from "vitest";
import { describeSession } from "../../test/session-suite.ts";
import { fuzzDecoder, testPrimitives } from "../../test/support/index.ts";
import { type KeyPair, generateKeyPair } from "../agreement/key-pair.ts";
import { ascii } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { sealCell } from "../stream/cell.ts";
import { startSendingChain, takeAddress } from "../stream/chain.ts";
import { Secret } from "../secret.ts";
import { MAX_STATIC_PLAINTEXT, decodeSession, openStaticHello, sealStaticHello, startStaticSession } from "./static-session.ts";

function keys(p: Primitives): { a: KeyPair; b: KeyPair } {
  return { a: generateKeyPair(p), b: generateKeyPair(p) };
}

describeSession("the static session", (p) => {
  const { a, b } = keys(p);
  return {
    alice: startStaticSession(p, a, b.publicKey),
    bob: startStaticSession(p, b, a.publicKey),
    reloadAlice: (bytes) => decodeSession(p, bytes, a),
    reloadBob: (bytes) => decodeSession(p, bytes, b),
  };
});

describe("the static session alone", () => {
  test("needs nothing but the keys: each start is the same session", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    expect(startStaticSession(p, a, b.publicKey).encode()).toEqual(startStaticSession(p, a, b.publicKey).encode());
    expect(startStaticSession(p, a, b.publicKey).maxPlaintext).toBe(MAX_STATIC_PLAINTEXT);
    expect(MAX_STATIC_PLAINTEXT).toBe(4021);
  });

  test("a third key makes another session", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const { cell } = startStaticSession(p, a, b.publicKey).encrypt(p, ascii("x"));
    const other = startStaticSession(p, b, generateKeyPair(p).publicKey);
    expect(() => other.decrypt(p, cell.tag, cell.body)).toThrow(expect.objectContaining({ code: "cell/unknown-tag" }));
  });

  test("a key has no session with itself", () => {
    const p = testPrimitives();
    const { a } = keys(p);
    expect(() => startStaticSession(p, a, a.publicKey)).toThrow(expect.objectContaining({ code: "agreement/invalid-key" }));
  });

  test("who knows the stream but not the key cannot speak: the cell opens and counts as absent", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const bob = startStaticSession(p, b, a.publicKey);
    // Bob's stored state begins with the format and three keys; then come his sending chain and the root of Alice's stream.
    const before = 1 + 33 + 33 + 32 + 36;
    const root = new Secret(bob.encode().slice(before, before + 32));
    const { address } = takeAddress(p, startSendingChain(root));
    expect(address.tag).toEqual(bob.watched(p)[0]?.tag);
    for (const payload of [ascii("not a box"), p.randomBytes(200)]) {
      const body = sealCell(p, address, "static", payload);
      expect(() => bob.decrypt(p, address.tag, body)).toThrow(expect.objectContaining({ code: "cell/invalid" }));
    }
    const otherKind = sealCell(p, address, "signal", p.randomBytes(200));
    expect(() => bob.decrypt(p, address.tag, otherKind)).toThrow(expect.objectContaining({ code: "cell/invalid" }));
  });

  test("a stored session is of one device key and one format", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const stored = startStaticSession(p, a, b.publicKey).encode();
    expect(() => decodeSession(p, stored, b)).toThrow(expect.objectContaining({ code: "decode/invalid" }));
    const newer = Uint8Array.from(stored, (byte, i) => (i === 0 ? 2 : byte));
    expect(() => decodeSession(p, newer, a)).toThrow(expect.objectContaining({ code: "decode/invalid" }));
  });

  test("a damaged stored session is refused with a typed error, or is a session", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const written = startStaticSession(p, a, b.publicKey).encrypt(p, ascii("x"));
    fuzzDecoder(written.session.encode(), (bytes) => decodeSession(p, bytes, a), { runs: 60 });
  });

  test("the private key is not in the stored form, and nothing secret is printed", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const session = startStaticSession(p, a, b.publicKey);
    const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(hex(session.encode())).not.toContain(hex(a.privateKey.expose()));
    // A planted positive: the root of a stream is there, so the search would find a key.
    const root = hex(session.encode().slice(99, 131));
    expect(hex(session.encode())).toContain(root);
    expect(JSON.stringify({ session })).not.toContain(root);
  });
});

describe("the hello of a first contact", () => {
  test("opens for the one device, as the other's", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const hello = sealStaticHello(p, a, b.publicKey, ascii("it is me"));
    expect(openStaticHello(p, b, a.publicKey, hello)).toEqual(ascii("it is me"));
    const third = generateKeyPair(p);
    const refused = expect.objectContaining({ code: "agreement/box-invalid" });
    expect(() => openStaticHello(p, b, third.publicKey, hello)).toThrow(refused);
    expect(() => openStaticHello(p, third, a.publicKey, hello)).toThrow(refused);
  });

  test("cannot be reflected to its author", () => {
    const p = testPrimitives();
    const { a, b } = keys(p);
    const hello = sealStaticHello(p, a, b.publicKey, ascii("it is me"));
    expect(() => openStaticHello(p, a, b.publicKey, hello)).toThrow(expect.objectContaining({ code: "agreement/box-invalid" }));
  });
});
