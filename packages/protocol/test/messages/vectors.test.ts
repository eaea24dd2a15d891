// The wire, frozen: a refactor that changes a byte fails here. And the same bytes again from the letter of the specification, computed with
// Node's cryptography and none of our code, so that the frozen values are right and not only old.

import { createCipheriv, createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import frozen from "./wire.json" with { type: "json" };
import { wire } from "./wire.ts";

type Hex = string;
const raw = (hex: Hex): Buffer => Buffer.from(hex, "hex");
const be = (value: number, size: number): Buffer => Buffer.from(value.toString(16).padStart(2 * size, "0"), "hex");
const join = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "ascii") : part)));
const hkdf = (salt: Buffer | undefined, ikm: Buffer, info: string | Buffer, length: number): Hex =>
  Buffer.from(hkdfSync("sha256", ikm, salt ?? Buffer.alloc(32), typeof info === "string" ? Buffer.from(info) : info, length)).toString(
    "hex",
  );
const split = (material: Hex): { tag: Hex; cellKey: Hex } => ({ tag: material.slice(0, 32), cellKey: material.slice(32) });
const cell = (root: Hex, index: number): { tag: Hex; cellKey: Hex } =>
  split(hkdf(undefined, raw(root), join("Sotto Cell v1", be(index, 4)), 48));

function open(key: Hex, ad: Hex, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("chacha20-poly1305", raw(key), Buffer.alloc(12), { authTagLength: 16 });
  decipher.setAAD(raw(ad), { plaintextLength: sealed.length - 16 });
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function openBody(body: Hex, { tag, cellKey }: { tag: Hex; cellKey: Hex }): { kind: number; payload: Buffer } {
  const bytes = raw(body);
  const plaintext = open(hkdf(bytes.subarray(0, 16), raw(cellKey), "Sotto Body v1", 32), tag, bytes.subarray(16));
  const length = plaintext.readUInt16BE(1);
  expect(plaintext.subarray(3 + length).every((byte) => byte === 0)).toBe(true);
  return { kind: plaintext[0] as number, payload: plaintext.subarray(3, 3 + length) };
}

/** §1 with Node: the agreed key of our private key, their public key and a context. */
function agreed(context: string): Buffer {
  const privateKey = createPrivateKey({
    key: join(raw("302e020100300506032b656e04220420"), raw(frozen.ourPrivate)),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey({
    key: join(raw("302a300506032b656e032100"), raw(frozen.theirPublic).subarray(1)),
    format: "der",
    type: "spki",
  });
  const [low, high] = [raw(frozen.ourPublic), raw(frozen.theirPublic)].toSorted(Buffer.compare) as [Buffer, Buffer];
  return raw(hkdf(undefined, diffieHellman({ privateKey, publicKey }), join("Sotto Agreement v1", low, high, context), 32));
}

test("the wire is what it was", () => {
  expect(wire()).toEqual(frozen);
});

test("a planted change of one byte is seen", () => {
  const body = frozen.body.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  expect(wire()).not.toEqual({ ...frozen, body });
});

describe("by the letter of the specification", () => {
  test("§4 cells", () => {
    expect(cell(frozen.T, 7)).toEqual(frozen.cell7);
    expect(openBody(frozen.body, frozen.cell7)).toEqual({ kind: 6, payload: Buffer.from("payload") });
  });

  test("§4 bodies are sealed as we open them", () => {
    const salt = raw(frozen.body).subarray(0, 16);
    const cipher = createCipheriv("chacha20-poly1305", raw(hkdf(salt, raw(frozen.cell7.cellKey), "Sotto Body v1", 32)), Buffer.alloc(12), {
      authTagLength: 16,
    });
    cipher.setAAD(raw(frozen.cell7.tag), { plaintextLength: 4064 });
    const plaintext = Buffer.alloc(4064);
    plaintext.set([6, 0, 7, ...Buffer.from("payload")]);
    const sealed = Buffer.concat([salt, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    expect(sealed.toString("hex")).toBe(frozen.body);
  });

  test("§4 the static session: both streams, and its stored form", () => {
    const root = (sender: Hex): Hex => hkdf(undefined, agreed("Sotto Static Session v1"), join("Sotto Static v1", raw(sender)), 32);
    const [sending, receiving] = [root(frozen.ourPublic), root(frozen.theirPublic)];
    expect(cell(sending, 0).tag).toBe(frozen.firstTag);
    expect(cell(receiving, 0).tag).toBe(frozen.watched0);
    const message = agreed("Sotto Static Message v1");
    const stored = join(
      be(1, 1),
      raw(frozen.ourPublic),
      raw(frozen.theirPublic),
      message,
      raw(sending),
      be(0, 4),
      raw(receiving),
      be(0, 4),
      be(0, 2),
    );
    expect(frozen.session).toBe(stored.toString("hex"));
    expect(openBody(frozen.firstBody, cell(sending, 0))).toMatchObject({ kind: 6, payload: { length: 24 + 16 + "hello world".length } });
  });

  test("§5 bundles", () => {
    const bytes = (count: number): string => `[0-9a-f]{${2 * count}}`;
    const head = `01${frozen.account}01${bytes(2)}${be(1_800_000_000_000, 8).toString("hex")}00${bytes(8)}`;
    const [signed, kyber] = [`0000000105${bytes(32)}${bytes(64)}`, `0000000108${bytes(1568)}${bytes(64)}`];
    const hash = createHash("sha256").update(raw(frozen.oneTimeList)).digest("hex");
    expect(frozen.bundle).toMatch(new RegExp(`^${head}${signed}${kyber}${hash}${bytes(64)}$`));
    const entry = (id: number): string => `${be(id, 4).toString("hex")}05${bytes(32)}`;
    const ids = Array.from({ length: 20 }, (_, i) => i + 2);
    expect(frozen.oneTimeList).toMatch(new RegExp(`^0014${ids.map(entry).join("")}$`));
  });

  test("§5 requests", () => {
    const info = join("Sotto Request v1", raw(frozen.theirPublic), raw(frozen.ourPublic));
    expect(hkdf(undefined, raw(frozen.requestKey), info, 32)).toBe(frozen.requestStream);
    expect(cell(frozen.requestStream, 5)).toEqual(frozen.request5);
  });

  test("§5 invites: keys, claim slots, link, blob", () => {
    const secret = raw(frozen.inviteSecret);
    expect(hkdf(undefined, secret, "Sotto Invite v1 id", 32)).toBe(frozen.blobId);
    expect(hkdf(undefined, secret, "Sotto Invite v1 key", 32)).toBe(frozen.blobKey);
    expect(hkdf(undefined, secret, "Sotto Invite v1 request", 32)).toBe(frozen.inviteRequestKey);
    expect(split(hkdf(undefined, raw(frozen.inviteRequestKey), join("Sotto Claim v1", be(3, 4)), 48))).toEqual(frozen.claim3);
    const hash = createHash("sha256").update(raw(frozen.account)).digest().subarray(0, 16);
    const payload = join(be(1, 1), "https://relay.example", secret, hash).toString("base64url");
    expect(frozen.inviteLink).toBe(`https://sotto.example/#/i/${payload}`);
    const blob = raw(frozen.inviteBlob);
    const inside = open(hkdf(blob.subarray(0, 32), raw(frozen.blobKey), "Sotto Invite Blob v1", 32), frozen.blobId, blob.subarray(32));
    expect(inside.subarray(4, 4 + inside.readUInt32BE(0)).toString("hex")).toContain(frozen.card);
  });

  test("§5 first contact: kind 3, an ephemeral key and a box", () => {
    const { kind, payload } = openBody(frozen.firstContact, frozen.claim3);
    expect(kind).toBe(3);
    expect(payload[0]).toBe(5);
    expect(payload.length).toBeGreaterThan(33 + 40);
  });

  test("§5 public addresses", () => {
    const u = raw(frozen.account).subarray(1);
    expect(hkdf(undefined, u, join("Sotto Address v1", be(frozen.day, 4)), 8)).toBe(frozen.addressPrefix);
    const { tag, cellKey } = frozen.addressCell;
    expect(tag.slice(0, 16)).toBe(frozen.addressPrefix);
    expect(hkdf(undefined, join(u, raw(tag)), "Sotto Address Cell v1", 32)).toBe(cellKey);
  });

  test("§7 contents, written by hand", () => {
    const id = (n: number): Hex => be(n, 1).toString("hex").repeat(16);
    const string = (value: string): Hex => be(0x60 + value.length, 1).toString("hex") + Buffer.from(value).toString("hex");
    const sent = `${string("sent")}1b${be(1_800_000_000_000, 8).toString("hex")}`;
    const content = (type: string, n: number, body: Hex): Hex =>
      `a4${string("id")}50${id(n)}${string("body")}${body}${sent}${string("type")}${string(type)}`;
    const text = content("text", 1, `a1${string("text")}${string("hello world")}`);
    const receipt = content("receipt", 2, `a2${string("read")}80${string("delivered")}8150${id(1)}`);
    expect(frozen.contents).toBe(`82${text}${receipt}`);
  });
});
