// The portable provider: every primitive in plain JavaScript, on the noble libraries but for SHA-256, HMAC and HKDF, which are ours
// (sha256.ts). Runs in browsers and in Node and is the reference that other providers are compared with. Takes a source of randomness,
// gives `Primitives`. Lengths are the caller's duty. X25519 on BigInt is not constant-time by contract; where the platform has a native one,
// a provider uses it.

import { cbc } from "@noble/ciphers/aes.js";
import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem1024, ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { nobleEdwards } from "./edwards.ts";
import { hkdfExpandSha256, hkdfExtractSha256, hkdfSha256, hmacSha256, sha256 } from "./sha256.ts";
import { encapsulateFirst } from "./ml-kem-first.ts";
import type { Aead, Kem, Primitives } from "./primitives.ts";

type Cipher = typeof chacha20poly1305;

function aead(cipher: Cipher): Aead {
  return {
    seal: (key, nonce, plaintext, ad) => cipher(key, nonce, ad).encrypt(plaintext),
    open(key, nonce, sealed, ad) {
      const opener = cipher(key, nonce, ad);
      try {
        return opener.decrypt(sealed);
      } catch {
        return undefined;
      }
    },
  };
}

function agree(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  try {
    return x25519.scalarMult(privateKey, publicKey);
  } catch {
    // noble refuses low-order points before it computes; RFC 7748's function gives zero for them, and so does this interface.
    return new Uint8Array(32);
  }
}

function kem(scheme: typeof ml_kem768, randomBytes: (length: number) => Uint8Array): Kem {
  return {
    publicKey: (seed) => scheme.keygen(seed).publicKey,
    encapsulate(publicKey, message = randomBytes(32)) {
      try {
        const { cipherText, sharedSecret } = scheme.encapsulate(publicKey, message);
        return { ciphertext: cipherText, sharedSecret };
      } catch {
        return undefined;
      }
    },
    decapsulate(seed, ciphertext) {
      const { secretKey } = scheme.keygen(seed);
      const sharedSecret = scheme.decapsulate(ciphertext, secretKey);
      secretKey.fill(0);
      return sharedSecret;
    },
  };
}

const aes256cbc: Primitives["aes256cbc"] = {
  encrypt: (key, iv, plaintext) => cbc(key, iv).encrypt(plaintext),
  decrypt(key, iv, ciphertext) {
    try {
      return cbc(key, iv).decrypt(ciphertext);
    } catch {
      return undefined;
    }
  },
};

/**
 * Every primitive in plain JavaScript.
 * @param randomBytes a cryptographic source of randomness, for instance `crypto.getRandomValues`
 */
export function portablePrimitives(randomBytes: (length: number) => Uint8Array): Primitives {
  return {
    randomBytes,
    sha256,
    sha512: (data) => sha512(data),
    hmac: hmacSha256,
    hkdf: hkdfSha256,
    hkdfExtract: hkdfExtractSha256,
    hkdfExpand: hkdfExpandSha256,
    x25519: agree,
    x25519PublicKey: (privateKey) => x25519.getPublicKey(privateKey),
    chacha20poly1305: aead(chacha20poly1305),
    xchacha20poly1305: aead(xchacha20poly1305),
    aes256cbc,
    sha3_256: (data) => sha3_256(data),
    shake256: (data, length) => shake256(data, { dkLen: length }),
    mlKem768: { ...kem(ml_kem768, randomBytes), encapsulateFirst },
    mlKem1024: kem(ml_kem1024, randomBytes),
    edwards: nobleEdwards,
  };
}
