// The cryptographic primitives, as one synchronous interface over raw bytes. Each provider (portable, node, sodium) implements all of it;
// one suite with the official vectors runs every provider. Nothing outside this folder imports a cryptographic library. Not a concern here:
// keys as objects, labels, protocols.

/** One AEAD: `seal` appends a 16-byte tag, `open` returns `undefined` when the tag does not verify. */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, ad: Uint8Array): Uint8Array;
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, ad: Uint8Array): Uint8Array | undefined;
}

/** One parameter set of ML-KEM. The private half of a key pair is the seed (64 bytes, d || z) that FIPS 203 makes it from. */
export interface Kem {
  publicKey(seed: Uint8Array): Uint8Array;
  /** `message`: the 32 random bytes of FIPS 203, by default fresh ones. `undefined` when the public key is malformed (§7.2 input check). */
  encapsulate(publicKey: Uint8Array, message?: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } | undefined;
  /** The shared secret (32); for a ciphertext that was not made for this key, one that nobody else has. */
  decapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array;
}

/** What the protocol needs of cryptography and chance. */
export interface Primitives {
  /** Fresh random bytes from the source that the provider was made with. */
  randomBytes(length: number): Uint8Array;
  /** SHA-256, 32 bytes. */
  sha256(data: Uint8Array): Uint8Array;
  /** SHA-512, 64 bytes. */
  sha512(data: Uint8Array): Uint8Array;
  /** HMAC-SHA-256, 32 bytes. */
  hmac(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** HKDF-SHA-256 (RFC 5869). `undefined` salt = 32 zero bytes. */
  hkdf(salt: Uint8Array | undefined, ikm: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** HKDF-Extract alone, 32 bytes. */
  hkdfExtract(salt: Uint8Array | undefined, ikm: Uint8Array): Uint8Array;
  /** HKDF-Expand alone, from a 32-byte pseudorandom key. */
  hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array;
  /** X25519 (RFC 7748): 32-byte private scalar and 32-byte u-coordinate to 32 bytes. May be all zero: the caller refuses that. */
  x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** The 32-byte u-coordinate of a private scalar. */
  x25519PublicKey(privateKey: Uint8Array): Uint8Array;
  /** A fresh clamped scalar and its u-coordinate; where a platform makes both faster than one out of `randomBytes`. */
  x25519KeyPair?(): { privateKey: Uint8Array; publicKey: Uint8Array };
  /** ChaCha20-Poly1305 (RFC 8439): 32-byte key, 12-byte nonce. */
  readonly chacha20poly1305: Aead;
  /** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 32-byte key, 24-byte nonce. */
  readonly xchacha20poly1305: Aead;
  /** AES-256-CBC with PKCS#7 padding: 32-byte key, 16-byte IV. `decrypt` gives `undefined` when the padding is wrong. */
  readonly aes256cbc: {
    encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
    decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined;
  };
  /** SHA3-256 (FIPS 202), 32 bytes. */
  sha3_256(data: Uint8Array): Uint8Array;
  /** SHAKE256 (FIPS 202), `length` bytes. */
  shake256(data: Uint8Array, length: number): Uint8Array;
  /** ML-KEM-768 (FIPS 203): public key 1184, ciphertext 1088 bytes. */
  readonly mlKem768: Kem & {
    /**
     * The first half of an encapsulation, before the whole key is known: `u` (960 bytes, how the ciphertext begins) and the shared secret
     * (32), from rho (32), H(ek) (32) and the message (32).
     */
    encapsulateFirst(rho: Uint8Array, keyHash: Uint8Array, message: Uint8Array): { u: Uint8Array; sharedSecret: Uint8Array };
  };
  /** ML-KEM-1024 (FIPS 203): public key and ciphertext 1568 bytes. */
  readonly mlKem1024: Kem;
  /** The twisted Edwards group behind X25519, for XEdDSA. Scalars are 32 bytes little-endian and already reduced modulo L. */
  readonly edwards: {
    /** scalar x base point, compressed to 32 bytes. The scalar is not zero. */
    multiplyBase(scalar: Uint8Array): Uint8Array;
    /**
     * Ed25519 verification (RFC 8032 §5.1.7) in its strict, cofactorless form: s < L, R is compared as bytes, and neither R nor the point
     * has small order. The point comes from `fromMontgomery`. Message of any size, signature R || s of 64 bytes.
     */
    verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
    /**
     * The compressed point with the u-coordinate's y and the given sign bit of x; `undefined` for an unreduced u and for -1, which have no
     * y. Whether y is on the curve is not looked at: `verify` finds that out.
     */
    fromMontgomery(u: Uint8Array, sign: 0 | 1): Uint8Array | undefined;
  };
}
