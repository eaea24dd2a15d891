// The provider for browsers that may run WebAssembly: X25519, Ed25519 verification, the ChaCha20 ciphers and ML-KEM-768 from libsodium, the
// rest from the portable provider, with the same results, by one suite. It is several times faster, and libsodium's X25519 is constant-time,
// which arithmetic on BigInt does not promise. Only who imports this file (the web app at rest, Node) loads libsodium (124 kB compressed; a
// page's policy must allow 'wasm-unsafe-eval'). What passes through is copied into WebAssembly's memory, which libsodium frees and does not
// wipe.

import sodium from "libsodium-wrappers";
import { isSmallOrder } from "./edwards.ts";
import { portablePrimitives } from "./portable.ts";
import type { Aead, Kem, Primitives } from "./primitives.ts";

const AEAD_TAG = 16;

/**
 * Every primitive, with libsodium where it is faster; rejects where WebAssembly may not run.
 * @param randomBytes a cryptographic source of randomness, for instance `crypto.getRandomValues`
 */
export async function loadSodiumPrimitives(randomBytes: (length: number) => Uint8Array): Promise<Primitives> {
  await sodium.ready;
  const portable = portablePrimitives(randomBytes);
  return {
    ...portable,
    x25519(privateKey, publicKey) {
      try {
        return sodium.crypto_scalarmult(privateKey, publicKey);
      } catch {
        // libsodium refuses an all-zero result. The reference says what comes of whatever it was.
        return portable.x25519(privateKey, publicKey);
      }
    },
    x25519PublicKey: (privateKey) => sodium.crypto_scalarmult_base(privateKey),
    chacha20poly1305,
    xchacha20poly1305,
    mlKem768: { ...portable.mlKem768, ...mlKem768(randomBytes) },
    edwards: { ...portable.edwards, verify },
  };
}

/** Only the ciphers, which are the same on every platform. */
export async function loadSodiumCiphers(): Promise<Pick<Primitives, "chacha20poly1305" | "xchacha20poly1305">> {
  await sodium.ready;
  return { chacha20poly1305, xchacha20poly1305 };
}

const chacha20poly1305: Aead = {
  seal: (key, nonce, plaintext, ad) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key),
  open: (key, nonce, sealed, ad) => opened(sealed, () => sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, sealed, ad, nonce, key)),
};

const xchacha20poly1305: Aead = {
  seal: (key, nonce, plaintext, ad) => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, null, nonce, key),
  open: (key, nonce, sealed, ad) => opened(sealed, () => sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, ad, nonce, key)),
};

/** The plaintext that `open` gives; libsodium throws for a wrong tag. */
function opened(sealed: Uint8Array, open: () => Uint8Array): Uint8Array | undefined {
  if (sealed.length < AEAD_TAG) return undefined;
  try {
    return open();
  } catch {
    return undefined;
  }
}

function verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (isSmallOrder(point) || isSmallOrder(signature.subarray(0, 32))) return false;
  try {
    return sodium.crypto_sign_verify_detached(signature, message, point);
  } catch {
    // A key or signature of another length.
    return false;
  }
}

function mlKem768(randomBytes: (length: number) => Uint8Array): Kem {
  return {
    publicKey(seed) {
      const { publicKey, privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(seed);
      privateKey.fill(0);
      return publicKey;
    },
    encapsulate(publicKey, message = randomBytes(32)) {
      try {
        return sodium.crypto_kem_mlkem768_enc_deterministic(publicKey, message);
      } catch {
        return undefined;
      }
    },
    decapsulate(seed, ciphertext) {
      const { privateKey } = sodium.crypto_kem_mlkem768_seed_keypair(seed);
      const sharedSecret = sodium.crypto_kem_mlkem768_dec(ciphertext, privateKey);
      privateKey.fill(0);
      return sharedSecret;
    },
  };
}
