// The provider for Node: X25519, Ed25519 verification, ChaCha20-Poly1305, hashes and Argon2 from node:crypto, the rest from noble. Same
// results as the portable provider, by one suite. The only file of this package that knows Node. Choices were measured on Node 24.21:
//   - X25519 keys enter as JWK: DER costs twice as much. Node computes x from d itself, so x may be a placeholder.
//   - native ciphers get a secret-key object: a raw-byte key costs some 10 µs more per call.
//   - HMAC and HKDF are ours (hmac-sha256.ts): a call of a library, native or not, costs more than hashing a block or two.
//   - ML-KEM is native, but for encapsulations with a given message, which Node does not have.

import {
  argon2Sync,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  hash,
  type KeyObject,
  randomFillSync,
  verify as verifySignature,
} from "node:crypto";
import { hchacha } from "@noble/ciphers/chacha.js";
import { equalBytes } from "../bytes.ts";
import type { Argon2id } from "./argon2id.ts";
import { isSmallOrder, nobleEdwards } from "./edwards.ts";
import { hkdfExpandSha256, hkdfExtractSha256, hkdfSha256, hmacSha256 } from "./hmac-sha256.ts";
import { portablePrimitives } from "./portable.ts";
import type { Aead, Kem, Primitives } from "./primitives.ts";

const KEY_LENGTH = 32;
const AEAD_TAG = 16;
const PLACEHOLDER_X = base64url(new Uint8Array(KEY_LENGTH));

/** Every primitive, at Node's speed. @param randomBytes default: Node's own cryptographic source */
export function nodePrimitives(randomBytes: (length: number) => Uint8Array = systemRandom): Primitives {
  const portable = portablePrimitives(randomBytes);
  return {
    ...portable,
    sha256: (data) => plain(hash("sha256", data, "buffer")),
    sha512: (data) => plain(hash("sha512", data, "buffer")),
    hmac: hmacSha256,
    hkdf: hkdfSha256,
    hkdfExtract: hkdfExtractSha256,
    hkdfExpand: hkdfExpandSha256,
    x25519,
    x25519PublicKey,
    chacha20poly1305,
    xchacha20poly1305,
    aes256cbc,
    sha3_256: (data) => plain(hash("sha3-256", data, "buffer")),
    mlKem768: { ...portable.mlKem768, ...kem("ml-kem-768", portable.mlKem768) },
    mlKem1024: kem("ml-kem-1024", portable.mlKem1024),
    edwards: { ...nobleEdwards, verify: verifyEd25519 },
  };
}

/** Argon2id at Node's speed. */
export const nodeArgon2id: Argon2id = (password, salt, { memoryKiB, iterations, length }) =>
  plain(
    argon2Sync("argon2id", { message: password, nonce: salt, parallelism: 1, memory: memoryKiB, passes: iterations, tagLength: length }),
  );

function systemRandom(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length));
}

function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const keys = { privateKey: importPrivate(privateKey), publicKey: importPublic("X25519", publicKey) };
  try {
    return plain(diffieHellman(keys));
  } catch {
    // OpenSSL refuses an all-zero result; RFC 7748's function gives it, and so does this interface.
    return new Uint8Array(KEY_LENGTH);
  }
}

function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  const { x } = createPublicKey(importPrivate(privateKey)).export({ format: "jwk" });
  return new Uint8Array(Buffer.from(x as string, "base64url"));
}

function verifyEd25519(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (isSmallOrder(point) || isSmallOrder(signature.subarray(0, 32))) return false;
  return verifySignature(null, message, importPublic("Ed25519", point), signature);
}

/** Importing a private key computes its public half, which costs as much as an agreement: a ratchet key is used three times. */
const importedKeys = new WeakMap<Uint8Array, { readonly key: KeyObject; readonly bytes: Uint8Array }>();

function importPrivate(privateKey: Uint8Array): KeyObject {
  const held = importedKeys.get(privateKey);
  // Arrays can be written to: a wiped or re-used one must not stand for the key that it once held.
  if (held !== undefined && equalBytes(held.bytes, privateKey)) return held.key;
  const key = createPrivateKey({ key: { kty: "OKP", crv: "X25519", x: PLACEHOLDER_X, d: base64url(privateKey) }, format: "jwk" });
  importedKeys.set(privateKey, { key, bytes: privateKey.slice() });
  return key;
}

function importPublic(crv: "X25519" | "Ed25519", publicKey: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv, x: base64url(publicKey) }, format: "jwk" });
}

const chacha20poly1305: Aead = {
  seal(key, nonce, plaintext, ad) {
    const cipher = createCipheriv("chacha20-poly1305", createSecretKey(key), nonce, { authTagLength: AEAD_TAG });
    cipher.setAAD(ad, { plaintextLength: plaintext.length });
    const sealed = new Uint8Array(plaintext.length + AEAD_TAG);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },
  open(key, nonce, sealed, ad) {
    const length = sealed.length - AEAD_TAG;
    if (length < 0) return undefined;
    const decipher = createDecipheriv("chacha20-poly1305", createSecretKey(key), nonce, { authTagLength: AEAD_TAG });
    decipher.setAAD(ad, { plaintextLength: length });
    decipher.setAuthTag(sealed.subarray(length));
    const plaintext = plain(decipher.update(sealed.subarray(0, length)));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      return undefined;
    }
    return plaintext;
  },
};

/** Node draws the message of an encapsulation itself; one with a given message is the portable provider's. */
function kem(asymmetricKeyType: "ml-kem-768" | "ml-kem-1024", portable: Kem): Kem {
  const privateKey = (seed: Uint8Array): KeyObject => createPrivateKey({ key: view(seed), format: "raw-seed", asymmetricKeyType });
  return {
    publicKey: (seed) => plain(createPublicKey(privateKey(seed)).export({ format: "raw-public" })),
    encapsulate(publicKey, message) {
      if (message !== undefined) return portable.encapsulate(publicKey, message);
      try {
        const made = encapsulate(createPublicKey({ key: view(publicKey), format: "raw-public", asymmetricKeyType }));
        return { ciphertext: plain(made.ciphertext), sharedSecret: plain(made.sharedKey) };
      } catch {
        return undefined;
      }
    },
    decapsulate: (seed, ciphertext) => plain(decapsulate(privateKey(seed), ciphertext)),
  };
}

const aes256cbc: Primitives["aes256cbc"] = {
  encrypt(key, iv, plaintext) {
    const cipher = createCipheriv("aes-256-cbc", createSecretKey(key), iv);
    return join(cipher.update(plaintext), cipher.final());
  },
  decrypt(key, iv, ciphertext) {
    const decipher = createDecipheriv("aes-256-cbc", createSecretKey(key), iv);
    try {
      return join(decipher.update(ciphertext), decipher.final());
    } catch {
      return undefined;
    }
  },
};

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

// draft-irtf-cfrg-xchacha-03 §2.3: HChaCha20 makes a subkey of the first 16 bytes of the nonce, the last 8 go into ChaCha20's nonce.
const xchacha20poly1305: Aead = {
  seal: (key, nonce, plaintext, ad) => chacha20poly1305.seal(subkey(key, nonce), shortNonce(nonce), plaintext, ad),
  open: (key, nonce, sealed, ad) => chacha20poly1305.open(subkey(key, nonce), shortNonce(nonce), sealed, ad),
};

/** "expand 32-byte k", the constant of ChaCha20, as four little-endian words. */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

function subkey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const out = new Uint32Array(8);
  hchacha(SIGMA, words(key), words(nonce.subarray(0, 16)), out);
  return new Uint8Array(out.buffer);
}

function shortNonce(nonce: Uint8Array): Uint8Array {
  const short = new Uint8Array(12);
  short.set(nonce.subarray(16), 4);
  return short;
}

/** Little-endian words, which is how every machine that Node 24 runs on keeps them. */
function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}

function base64url(bytes: Uint8Array): string {
  return view(bytes).toString("base64url");
}

/** The same memory as a Buffer, which some of Node's functions want. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A Buffer is a view of a shared pool, and its `slice` does not copy: nothing of that leaves this file. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
