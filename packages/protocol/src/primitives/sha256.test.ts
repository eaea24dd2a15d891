// SHA-256, HMAC and HKDF of our own give what noble and Node give, for every length of key, data and output.

import { createHmac, hkdfSync } from "node:crypto";
import { expand, extract, hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hkdfExpandSha256, hkdfExtractSha256, hkdfSha256, hmacSha256, sha256 } from "./sha256.ts";

const bytes = fc.uint8Array({ maxLength: 300 });
/** HKDF's inner key has at least 32 bytes. */
const prk = fc.uint8Array({ minLength: 32, maxLength: 100 });
const length = fc.integer({ min: 1, max: 400 });

test("HMAC is noble's and Node's", () => {
  fc.assert(
    fc.property(bytes, bytes, (key, data) => {
      const mac = hmacSha256(key, data);
      expect(mac).toEqual(hmac(nobleSha256, key, data));
      expect(mac).toEqual(new Uint8Array(createHmac("sha256", key).update(data).digest()));
    }),
  );
});

test("HMAC at the edges of a block, for keys and data", () => {
  for (const keyLength of [0, 31, 63, 64, 65, 127, 128, 129]) {
    for (const dataLength of [0, 54, 55, 56, 63, 64, 65, 119, 120, 128, 4096]) {
      const [key, data] = [new Uint8Array(keyLength).fill(0xa5), new Uint8Array(dataLength).fill(0x3c)];
      expect(sha256(data), `data ${dataLength}`).toEqual(nobleSha256(data));
      expect(hmacSha256(key, data), `key ${keyLength}, data ${dataLength}`).toEqual(hmac(nobleSha256, key, data));
    }
  }
});

test("HKDF is noble's and Node's, whole and in its two steps", () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, prk, length, (salt, ikm, info, key, size) => {
      const out = hkdfSha256(salt, ikm, info, size);
      expect(out).toEqual(hkdf(nobleSha256, ikm, salt, info, size));
      expect(out).toEqual(new Uint8Array(hkdfSync("sha256", ikm, salt, info, size)));
      expect(hkdfExtractSha256(salt, ikm)).toEqual(extract(nobleSha256, ikm, salt));
      expect(hkdfExtractSha256(undefined, ikm)).toEqual(extract(nobleSha256, ikm));
      expect(hkdfExpandSha256(key, info, size)).toEqual(expand(nobleSha256, key, info, size));
    }),
  );
});

test("HKDF gives 8,160 bytes and no more", () => {
  const key = new Uint8Array(32).fill(1);
  expect(hkdfExpandSha256(key, key, 8160)).toEqual(expand(nobleSha256, key, key, 8160));
  expect(() => hkdfExpandSha256(key, key, 8161)).toThrow(RangeError);
});
