// One suite for every provider of the primitives: the published vectors and the promises of the interface that they do not touch.

import { createHash } from "node:crypto";
import { ed25519 as nobleEd25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { ascii, concat } from "../src/bytes.ts";
import type { Aead, Primitives } from "../src/primitives/primitives.ts";
import { hex, seededRandom, toHex } from "./support/index.ts";
import * as vectors from "./vectors/primitives.ts";

const { Point } = nobleEd25519;
const L = Point.Fn.ORDER;

/** Makes, or loads, a provider on a source of randomness. */
type Make = (randomBytes: (length: number) => Uint8Array) => Primitives | Promise<Primitives>;

/** Runs every vector on the provider that `make` gives for a source of randomness. */
export function primitivesSuite(name: string, make: Make): void {
  describe(`primitives of ${name}`, async () => {
    const p = await make(seededRandom(name));
    hashes(p);
    x25519(p);
    aes256cbc(p);
    aead("ChaCha20-Poly1305 (RFC 8439)", p.chacha20poly1305, vectors.chacha20poly1305);
    aead("XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03)", p.xchacha20poly1305, vectors.xchacha20poly1305);
    edwards(p);
    mlKem(p);

    test("randomness comes from the source it was made with", async () => {
      const sevens = await make((length) => new Uint8Array(length).fill(7));
      expect(sevens.randomBytes(3)).toEqual(Uint8Array.of(7, 7, 7));
    });

    test("every output is a plain array of its own, and inputs stay as they were", async () => {
      const input = new Uint8Array(32).fill(9);
      const nonce = new Uint8Array(24);
      const outputs = [
        p.sha256(input),
        p.sha512(input),
        p.hmac(input, input),
        p.hkdf(input, input, input, 32),
        p.hkdfExtract(undefined, input),
        p.hkdfExpand(input, input, 64),
        p.x25519(input, input),
        p.x25519PublicKey(input),
        p.chacha20poly1305.seal(input, nonce.subarray(12), input, input),
        p.xchacha20poly1305.seal(input, nonce, input, input),
        p.xchacha20poly1305.open(input, nonce, p.xchacha20poly1305.seal(input, nonce, input, input), input) as Uint8Array,
        p.edwards.multiplyBase(input),
        p.sha3_256(input),
        p.shake256(input, 40),
        p.aes256cbc.encrypt(input, nonce.subarray(8), input),
        p.aes256cbc.decrypt(input, nonce.subarray(8), p.aes256cbc.encrypt(input, nonce.subarray(8), input)) as Uint8Array,
        p.mlKem768.publicKey(new Uint8Array(64)),
        ...Object.values(p.mlKem768.encapsulate(p.mlKem768.publicKey(new Uint8Array(64))) ?? {}),
        p.mlKem768.decapsulate(new Uint8Array(64), new Uint8Array(1088)),
      ];
      for (const output of outputs) {
        expect(Object.getPrototypeOf(output)).toBe(Uint8Array.prototype);
        output.fill(0xee);
      }
      expect(input).toEqual(new Uint8Array(32).fill(9));
      const another = await make(seededRandom(0));
      expect(p.sha256(input)).toEqual(another.sha256(new Uint8Array(32).fill(9)));
    });
  });
}

function hashes(p: Primitives): void {
  test.each(vectors.sha256)("SHA-256 of $repeat x $text", ({ text, repeat, digest }) => {
    expect(toHex(p.sha256(ascii(text.repeat(repeat))))).toBe(digest);
  });

  test.each(vectors.sha512)("SHA-512 of $repeat x $text", ({ text, repeat, digest }) => {
    expect(toHex(p.sha512(ascii(text.repeat(repeat))))).toBe(digest);
  });

  test("SHA3-256 and SHAKE256 (FIPS 202)", () => {
    expect(toHex(p.sha3_256(new Uint8Array()))).toBe(vectors.sha3.empty);
    expect(toHex(p.sha3_256(ascii("abc")))).toBe(vectors.sha3.abc);
    expect(toHex(p.shake256(new Uint8Array(), 32))).toBe(vectors.sha3.shake256Empty);
    expect(p.shake256(ascii("abc"), 200).subarray(0, 7)).toEqual(p.shake256(ascii("abc"), 7));
  });

  test.each(vectors.hmacSha256)("HMAC-SHA-256 of $text (RFC 4231)", ({ key, text, mac }) => {
    expect(toHex(p.hmac(hex(key), ascii(text)))).toBe(mac);
  });

  test.each(vectors.hkdfSha256)("HKDF (RFC 5869) to $okm", (vector) => {
    const salt = vector.salt === undefined ? undefined : hex(vector.salt);
    const [ikm, info, okm] = [hex(vector.ikm), hex(vector.info), hex(vector.okm)];
    expect(toHex(p.hkdfExtract(salt, ikm))).toBe(vector.prk);
    expect(p.hkdfExpand(hex(vector.prk), info, okm.length)).toEqual(okm);
    expect(p.hkdf(salt, ikm, info, okm.length)).toEqual(okm);
  });

  test("HKDF without salt is HKDF with 32 zero bytes", () => {
    const ikm = ascii("input");
    expect(p.hkdf(undefined, ikm, ikm, 32)).toEqual(p.hkdf(new Uint8Array(32), ikm, ikm, 32));
  });
}

function aes256cbc(p: Primitives): void {
  const [key, iv, plaintext] = [hex(vectors.aes256cbc.key), hex(vectors.aes256cbc.iv), hex(vectors.aes256cbc.plaintext)];
  const { encrypt, decrypt } = p.aes256cbc;

  test("AES-256-CBC (SP 800-38A F.2.5)", () => {
    const ciphertext = encrypt(key, iv, plaintext);
    expect(ciphertext).toHaveLength(plaintext.length + 16);
    expect(toHex(ciphertext.subarray(0, plaintext.length))).toBe(vectors.aes256cbc.ciphertext);
    expect(decrypt(key, iv, ciphertext)).toEqual(plaintext);
    expect(decrypt(key, iv, encrypt(key, iv, new Uint8Array()))).toEqual(new Uint8Array());
  });

  test("AES-256-CBC refuses wrong padding and what is no whole number of blocks", () => {
    const unpadded = hex(vectors.aes256cbc.ciphertext);
    for (const bad of [unpadded, unpadded.subarray(0, 17), unpadded.subarray(0, 15), new Uint8Array()]) {
      expect(decrypt(key, iv, bad)).toBeUndefined();
    }
  });
}

function x25519(p: Primitives): void {
  test.each(vectors.x25519)("X25519 of $u (RFC 7748 §5.2)", ({ scalar, u, output }) => {
    expect(toHex(p.x25519(hex(scalar), hex(u)))).toBe(output);
  });

  test("X25519 1,000 times over (RFC 7748 §5.2)", () => {
    let [k, u] = [hex(`09${"00".repeat(31)}`), hex(`09${"00".repeat(31)}`)];
    [k, u] = [p.x25519(k, u), k];
    expect(toHex(k)).toBe(vectors.x25519Iterated.after1);
    for (let round = 1; round < 1000; round++) [k, u] = [p.x25519(k, u), k];
    expect(toHex(k)).toBe(vectors.x25519Iterated.after1000);
  });

  test("X25519 agreement and public keys (RFC 7748 §6.1)", () => {
    const { alicePrivate, alicePublic, bobPrivate, bobPublic, shared } = vectors.x25519Agreement;
    expect(toHex(p.x25519PublicKey(hex(alicePrivate)))).toBe(alicePublic);
    expect(toHex(p.x25519PublicKey(hex(bobPrivate)))).toBe(bobPublic);
    expect(toHex(p.x25519(hex(alicePrivate), hex(bobPublic)))).toBe(shared);
    expect(toHex(p.x25519(hex(bobPrivate), hex(alicePublic)))).toBe(shared);
  });

  test.each(vectors.smallOrder)("X25519 takes the small-order point %s to zero", (u) => {
    expect(p.x25519(hex(vectors.x25519Agreement.alicePrivate), hex(u))).toEqual(new Uint8Array(32));
  });
}

interface AeadVector {
  readonly key: string;
  readonly nonce: string;
  readonly ad: string;
  readonly plaintext: string;
  readonly sealed: string;
}

function aead(name: string, cipher: Aead, vector: AeadVector): void {
  const [key, nonce, ad, plaintext, sealed] = [
    hex(vector.key),
    hex(vector.nonce),
    hex(vector.ad),
    ascii(vector.plaintext),
    hex(vector.sealed),
  ];

  test(`${name} seals and opens the vector`, () => {
    expect(cipher.seal(key, nonce, plaintext, ad)).toEqual(sealed);
    expect(cipher.open(key, nonce, sealed, ad)).toEqual(plaintext);
  });

  test(`${name} refuses every changed byte, another nonce, key or ad, and what is too short`, () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i] = (changed[i] as number) ^ 0x01;
      expect(cipher.open(key, nonce, changed, ad)).toBeUndefined();
    }
    const other = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x80);
    expect(cipher.open(other(key), nonce, sealed, ad)).toBeUndefined();
    expect(cipher.open(key, other(nonce), sealed, ad)).toBeUndefined();
    expect(cipher.open(key, nonce, sealed, other(ad))).toBeUndefined();
    for (let length = 0; length < 17; length++) expect(cipher.open(key, nonce, sealed.subarray(0, length), ad)).toBeUndefined();
  });

  test(`${name} seals nothing, with nothing beside it`, () => {
    const nothing = new Uint8Array();
    const box = cipher.seal(key, nonce, nothing, nothing);
    expect(box.length).toBe(16);
    expect(cipher.open(key, nonce, box, nothing)).toEqual(nothing);
  });
}

function edwards(p: Primitives): void {
  const { multiplyBase, verify, fromMontgomery } = p.edwards;
  const scalar = (value: bigint): Uint8Array => hex(value.toString(16).padStart(64, "0")).toReversed();

  test("the base point: from its u-coordinate, and once and twice itself", () => {
    expect(toHex(fromMontgomery(hex(`09${"00".repeat(31)}`), 0) as Uint8Array)).toBe(vectors.basePoint);
    expect(toHex(multiplyBase(scalar(1n)))).toBe(vectors.basePoint);
    expect(multiplyBase(scalar(L - 1n))).toEqual(fromMontgomery(hex(`09${"00".repeat(31)}`), 1));
  });

  test("X25519 and Edwards multiplication agree on the public key", () => {
    const privateKey = hex(vectors.x25519Agreement.alicePrivate);
    privateKey[0] = (privateKey[0] as number) & 0xf8;
    privateKey[31] = ((privateKey[31] as number) & 0x7f) | 0x40;
    const number = BigInt(`0x${toHex(privateKey.toReversed())}`);
    const point = multiplyBase(scalar(number % L));
    const sign = ((point[31] as number) >> 7) as 0 | 1;
    expect(fromMontgomery(hex(vectors.x25519Agreement.alicePublic), sign)).toEqual(point);
  });

  test("an unreduced u-coordinate and u = -1 have no y", () => {
    for (const u of [`ed${"ff".repeat(30)}7f`, `ec${"ff".repeat(30)}7f`, `09${"00".repeat(30)}80`]) {
      expect(fromMontgomery(hex(u), 0)).toBeUndefined();
    }
  });

  test("nothing verifies under the y of a u-coordinate on the twist", () => {
    const twisted = fromMontgomery(hex(`02${"00".repeat(31)}`), 0) as Uint8Array;
    expect(() => Point.fromBytes(twisted)).toThrow(/invalid/);
    const [{ message, signature }] = vectors.ed25519 as unknown as [{ message: string; signature: string }];
    expect(verify(twisted, hex(message), hex(signature))).toBe(false);
  });

  test.each(vectors.ed25519)("Ed25519 verification of $point (RFC 8032 §7.1)", ({ point, message, signature }) => {
    expect(verify(hex(point), hex(message), hex(signature))).toBe(true);
    expect(verify(hex(point), concat(hex(message), Uint8Array.of(0)), hex(signature))).toBe(false);
    for (let i = 0; i < 64; i++) {
      const changed = hex(signature);
      changed[i] = (changed[i] as number) ^ 0x04;
      expect(verify(hex(point), hex(message), changed)).toBe(false);
    }
  });

  test("Ed25519 verification refuses s + L, which other checks would let pass", () => {
    const { point, message, signature } = vectors.ed25519[1] as (typeof vectors.ed25519)[0];
    const s = BigInt(`0x${toHex(hex(signature).subarray(32).toReversed())}`);
    expect(verify(hex(point), hex(message), concat(hex(signature).subarray(0, 32), scalar(s + L)))).toBe(false);
  });

  test("Ed25519 verification is cofactorless: R with a torsion part is refused", () => {
    const [a, r] = [123456789n, 987654321n];
    const point = Point.BASE.multiply(a).toBytes();
    const message = ascii("message");
    const signWith = (R: Uint8Array): Uint8Array => {
      const h = BigInt(`0x${toHex(sha512(concat(R, point, message)).toReversed())}`) % L;
      return concat(R, scalar((r + h * a) % L));
    };
    const honest = Point.BASE.multiply(r);
    expect(verify(point, message, signWith(honest.toBytes()))).toBe(true);
    const shifted = honest.add(Point.fromHex(vectors.torsionPoints[3] as string));
    // The planted positive: the cofactored equation accepts this very signature.
    expect(nobleEd25519.verify(signWith(shifted.toBytes()), message, point, { zip215: true })).toBe(true);
    expect(verify(point, message, signWith(shifted.toBytes()))).toBe(false);
  });

  test("Ed25519 verification refuses a key or an R of small order, for which the equation holds", () => {
    const message = ascii("message");
    const hash = (R: Uint8Array, point: Uint8Array): bigint => BigInt(`0x${toHex(sha512(concat(R, point, message)).toReversed())}`) % L;
    const a = 123456789n;
    const point = Point.BASE.multiply(a).toBytes();
    const neutral = Point.ZERO.toBytes();
    const suspects = [{ point, signature: concat(neutral, scalar((hash(neutral, point) * a) % L)) }];
    // Under a key of small order s is the nonce itself, and R = s x base point.
    for (const torsion of vectors.torsionPoints) {
      suspects.push({ point: hex(torsion), signature: concat(Point.BASE.multiply(7n).toBytes(), scalar(7n)) });
    }
    for (const suspect of suspects) {
      // The planted positive: a lenient verifier accepts it.
      expect(nobleEd25519.verify(suspect.signature, message, suspect.point, { zip215: true })).toBe(true);
      expect(verify(suspect.point, message, suspect.signature)).toBe(false);
    }
  });

  test("Ed25519 verification of a point that is none, or of a short signature, is a plain no", () => {
    const { point, message, signature } = vectors.ed25519[0] as (typeof vectors.ed25519)[0];
    expect(verify(hex(`02${"00".repeat(31)}`), hex(message), hex(signature))).toBe(false);
    expect(verify(hex(point), hex(message), hex(signature).subarray(0, 63))).toBe(false);
  });
}

function mlKem(p: Primitives): void {
  test("ML-KEM-768 key generation (FIPS 203, NIST ACVP)", () => {
    const vector = vectors.mlKem768KeyPair;
    const publicKey = p.mlKem768.publicKey(hex(vector.d + vector.z));
    expect(publicKey).toHaveLength(1184);
    expect(toHex(publicKey.subarray(0, 64))).toBe(vector.publicKeyStart);
  });

  test("ML-KEM-768, 100 rounds of all operations (FIPS 203, accumulated)", () => {
    const rounds = 100;
    const stream = createHash("shake128", { outputLength: rounds * (64 + 32 + 1088) }).digest();
    let offset = 0;
    const draw = (length: number): Uint8Array => new Uint8Array(stream.subarray(offset, (offset += length)));
    const accumulated = createHash("shake128", { outputLength: 32 });
    for (let round = 0; round < rounds; round++) {
      const seed = draw(64);
      const publicKey = p.mlKem768.publicKey(seed);
      const sent = p.mlKem768.encapsulate(publicKey, draw(32));
      if (sent === undefined) throw new Error("a generated key is well-formed");
      expect(p.mlKem768.decapsulate(seed, sent.ciphertext)).toEqual(sent.sharedSecret);
      const rejected = p.mlKem768.decapsulate(seed, draw(1088));
      for (const output of [publicKey, sent.ciphertext, sent.sharedSecret, rejected]) accumulated.update(output);
    }
    expect(accumulated.digest("hex")).toBe(vectors.mlKem768Accumulated);
  });

  test("the first half of an ML-KEM-768 encapsulation is the first half of the whole one", () => {
    for (let round = 0; round < 20; round++) {
      const publicKey = p.mlKem768.publicKey(p.randomBytes(64));
      const message = p.randomBytes(32);
      const whole = p.mlKem768.encapsulate(publicKey, message);
      const { u, sharedSecret } = p.mlKem768.encapsulateFirst(publicKey.subarray(1152), p.sha3_256(publicKey), message);
      expect(u).toEqual(whole?.ciphertext.slice(0, 960));
      expect(sharedSecret).toEqual(whole?.sharedSecret);
    }
  });

  test.each(["mlKem768", "mlKem1024"] as const)("%s with messages of its own", (name) => {
    const seed = p.randomBytes(64);
    const [first, second] = [p[name].encapsulate(p[name].publicKey(seed)), p[name].encapsulate(p[name].publicKey(seed))];
    if (first === undefined || second === undefined) throw new Error("a generated key is well-formed");
    expect(p[name].decapsulate(seed, first.ciphertext)).toEqual(first.sharedSecret);
    expect(first.sharedSecret).not.toEqual(second.sharedSecret);
    expect(p[name].decapsulate(p.randomBytes(64), first.ciphertext)).not.toEqual(first.sharedSecret);
    expect(p[name].encapsulate(new Uint8Array(10))).toBeUndefined();
  });

  test("ML-KEM-768 refuses a public key that is too short or holds a coefficient of q or more (FIPS 203 §7.2)", () => {
    const publicKey = p.mlKem768.publicKey(new Uint8Array(64).fill(1));
    const message = new Uint8Array(32);
    const unreduced = publicKey.slice().fill(0xff, 0, 3);
    expect(p.mlKem768.encapsulate(publicKey, message)).toBeDefined();
    expect(p.mlKem768.encapsulate(unreduced, message)).toBeUndefined();
    expect(p.mlKem768.encapsulate(publicKey.subarray(1), message)).toBeUndefined();
  });
}
