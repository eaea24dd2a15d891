import { describe, expect, it } from "vitest";
import { newSigner } from "../../test/support/signer.ts";
import { verifyXeddsa } from "./xeddsa.ts";

const message = new TextEncoder().encode("signed by the protocol");
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));

/** Made by the protocol's own signer, private keys 32 x 01, 02, 03, 04; both signs of the Edwards point occur. */
const SIGNED = [
  [
    "05a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209",
    "751c1e53cf87a71c404ad57abc427b39536e25f389b8b79437f33e5c08ba24843e67f6e7ca1b0f5ebe5608173d7be35ea54cbc22d971b090a39478a21df2460f",
  ],
  [
    "05ce8d3ad1ccb633ec7b70c17814a5c76ecd029685050d344745ba05870e587d59",
    "c8aeddc68879c98bf9f51b848d666c5dd5a4b444d883152e859b590cd2a4e834c18acbf5c30159dfb819ddbf98289a6abd6b2e9c51f3274924207d11a9b70d0d",
  ],
  [
    "055dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22",
    "a550aab41ab13b2b604db9d52302bfb7c4db30e2e3f490eb751ba63fd436221e0613cfeb984c64551ddf5f83c57f17137e2667fa6bb07f38a9e4567be4fe7283",
  ],
  [
    "05ac01b2209e86354fb853237b5de0f4fab13c7fcbf433a61c019369617fecf10b",
    "941493f265f4ac3e23adc946a420de128e51e8ef9d16f7dff81c09d4265900481b7077c50e16625a51f5cc688fee8a4d21d5f4f4ca1831c95a9dec6ecca3320d",
  ],
] as const;

describe("verifyXeddsa", () => {
  it.each(SIGNED)("believes %s", (key, signature) => {
    expect(verifyXeddsa(hex(key), message, hex(signature))).toBe(true);
  });

  it("believes keys made from Ed25519 keys", () => {
    for (let i = 0; i < 20; i++) {
      const { key, sign } = newSigner();
      expect(verifyXeddsa(key, message, sign(message))).toBe(true);
    }
  });

  it("believes nothing that was changed", () => {
    const [key, signature] = SIGNED[2].map(hex) as [Uint8Array, Uint8Array];
    expect(verifyXeddsa(key, message.subarray(1), signature)).toBe(false);
    for (let bit = 0; bit < 64 * 8; bit += 5) {
      const changed = signature.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verifyXeddsa(key, message, changed), `bit ${bit}`).toBe(false);
    }
    for (let bit = 0; bit < 33 * 8; bit += 5) {
      const changed = key.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(verifyXeddsa(changed, message, signature), `key bit ${bit}`).toBe(false);
    }
  });

  it("refuses what is no key or no signature", () => {
    const { key, sign } = newSigner();
    const signature = sign(message);
    expect(verifyXeddsa(key.subarray(1), message, signature)).toBe(false);
    expect(verifyXeddsa(key, message, signature.subarray(1))).toBe(false);
    // u = p, a second spelling of 0; u = p - 1, which has no y; u = 2^255 - 1.
    for (const first of [0xed, 0xec, 0xff]) {
      const odd = Uint8Array.of(5, first, ...new Uint8Array(30).fill(0xff), 0x7f);
      expect(verifyXeddsa(odd, message, signature)).toBe(false);
    }
  });
});
