// One run, computed a second time from the sentences of spec/06-pairing.md with Node's own cryptography: the layouts, labels and orders
// that both sides of this implementation could be wrong about together.

import { createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { base32nopad } from "@scure/base";
import { ascii, be2, concat } from "../../src/bytes.ts";
import { World, type Pair, PAYLOAD, RELAY, START, begin, combinations, nameOf } from "./world.ts";

test.each(combinations.map((combination) => ({ ...combination, name: nameOf(combination) })))("$name", (combination) => {
  const world = new World("vector");
  const pair = begin(world, combination);
  const secrets = remember(pair);
  world.settle();

  const qr = base32nopad.decode(pair.qrText);
  expect([qr[0], qr[1]]).toEqual([1, combination.displays === "give" ? 1 : 2]);
  const psk = qr.slice(2, 34);
  expect(Buffer.from(qr.slice(82, 86)).readUInt32BE()).toBe(START / 1000 + 120);
  expect(Buffer.from(qr.slice(86)).toString()).toBe(RELAY);
  expect(pair.giver.state.locator).toEqual(expand(psk, ascii("Sotto Pair v1 shard"), 8));

  const address = (k: number): { tag: Uint8Array; cellKey: Uint8Array } => {
    const material = expand(psk, concat(ascii("Sotto Pair v1 cell"), Uint8Array.of(k)), 48);
    return { tag: material.slice(0, 16), cellKey: material.slice(16) };
  };
  const payload = (k: number): Uint8Array => {
    const { tag, cellKey } = address(k);
    const body = world.board.find(tag)?.body as Uint8Array;
    const key = new Uint8Array(hkdfSync("sha256", cellKey, body.slice(0, 16), ascii("Sotto Body v1"), 32));
    const plaintext = openAead(key, tag, body.slice(16));
    expect(plaintext[0]).toBe(4);
    return plaintext.slice(3, 3 + Buffer.from(plaintext).readUInt16BE(1));
  };

  const m1 = payload(1);
  const m2 = payload(2);
  const m3 = payload(3);
  expect([m1.length, m2.length]).toEqual([64, 1216]);
  expect(sha256(m2.slice(0, 1184)).slice(0, 16)).toEqual(qr.slice(66, 82));
  const ciphertext = m3.slice(0, 1088);
  const shared = world.p.mlKem768.decapsulate(secrets.kemSeed, ciphertext);
  const exchanged = x25519(secrets.exchangeKey, m1.slice(0, 32));
  const transcript = sha256(concat(ascii("Sotto Pair v1 T"), ...[qr, m1, m2, ciphertext].flatMap((part) => [be2(part.length), part])));
  const prk = hmac(transcript, concat(exchanged, shared, psk));
  const aeadKey = (k: number): Uint8Array => hkdfExpand(prk, concat(ascii("Sotto Pair v1 key"), Uint8Array.of(k)));

  const opening = openAead(aeadKey(3), address(3).tag, m3.slice(1088));
  const [nC, m] = [opening.slice(0, 32), opening.slice(32, 64)];
  const info = opening.slice(66, 66 + Buffer.from(opening).readUInt16BE(64));
  expect(sha256(concat(ascii("Sotto Pair v1 commit"), nC, m, info))).toEqual(m1.slice(32));
  expect(world.p.mlKem768.encapsulate(m2.slice(0, 1184), m)?.ciphertext).toEqual(ciphertext);

  const codeKey = hkdfExpand(prk, ascii("Sotto Pair v1 code"));
  const code = (label: string): string => {
    const digest = hmac(codeKey, concat(ascii(label), nC, m2.slice(1184), transcript));
    return String(BigInt(`0x${Buffer.from(digest).toString("hex")}`) % 1_000_000n).padStart(6, "0");
  };
  expect(pair.receiver.shown("compare")).toBe(code("1"));
  expect(pair.giver.shown("reply")).toBe(code("2"));
  expect(openAead(aeadKey(4), address(4).tag, payload(4))).toEqual(PAYLOAD);
  expect(openAead(aeadKey(5), address(5).tag, payload(5))).toHaveLength(0);
  if (combination.displays === "receive") {
    const introduction = openAead(aeadKey(6), address(6).tag, payload(6));
    expect(introduction).toHaveLength(2 + Buffer.from(introduction).readUInt16BE(0) + 64);
  }
  expect(world.board.cells).toHaveLength(combination.displays === "receive" ? 6 : 5);
});

/** D's secrets, copied before the run erases them. */
function remember({ giver, receiver }: Pair): { exchangeKey: Uint8Array; kemSeed: Uint8Array } {
  const { run } = (giver.state.side === "display" ? giver : receiver).state;
  return { exchangeKey: run.exchangeKey.expose().slice(), kemSeed: run.kemSeed.expose().slice() };
}

function sha256(data: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(data).digest());
}

/** HKDF without salt. */
function expand(ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", ikm, new Uint8Array(32), info, length));
}

/** HKDF-Expand for one block: HMAC(prk, info || 0x01). */
function hkdfExpand(prk: Uint8Array, info: Uint8Array): Uint8Array {
  return hmac(prk, concat(info, Uint8Array.of(1)));
}

function openAead(key: Uint8Array, ad: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv("chacha20-poly1305", key, new Uint8Array(12), { authTagLength: 16 });
  decipher.setAAD(ad, { plaintextLength: sealed.length - 16 });
  decipher.setAuthTag(sealed.slice(-16));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.slice(0, -16)), decipher.final()]));
}

function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), privateKey]);
  const spki = Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), publicKey]);
  return new Uint8Array(
    diffieHellman({
      privateKey: createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" }),
      publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }),
    }),
  );
}
