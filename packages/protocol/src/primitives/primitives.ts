// The cryptographic primitives, as one synchronous interface over raw bytes. Each provider (portable, node) implements all of it; one
// suite with the official vectors runs every provider. Nothing outside this folder imports a cryptographic library. Not a concern here:
// keys as objects, labels, protocols.

/** One AEAD: `seal` appends a 16-byte tag, `open` returns `undefined` when the tag does not verify. */
export interface Aead {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, ad: Uint8Array): Uint8Array;
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, ad: Uint8Array): Uint8Array | undefined;
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
  /** ChaCha20-Poly1305 (RFC 8439): 32-byte key, 12-byte nonce. */
  readonly chacha20poly1305: Aead;
  /** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): 32-byte key, 24-byte nonce. */
  readonly xchacha20poly1305: Aead;
  /** ML-KEM-768 (FIPS 203), deterministic forms: seed 64, public key 1184, secret key 2400, message 32, ciphertext 1088, shared secret 32 bytes. */
  readonly mlKem768: {
    keyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array };
    /** `undefined` when the public key is malformed (FIPS 203 §7.2 input check). */
    encapsulate(publicKey: Uint8Array, message: Uint8Array): { ciphertext: Uint8Array; sharedSecret: Uint8Array } | undefined;
    decapsulate(secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array;
  };
  /** The twisted Edwards group behind X25519, for XEdDSA. Scalars are 32 bytes little-endian and already reduced modulo L. */
  readonly edwards: {
    /** scalar x base point, compressed to 32 bytes. The scalar is not zero. */
    multiplyBase(scalar: Uint8Array): Uint8Array;
    /**
     * Ed25519 verification (RFC 8032 §5.1.7) in its strict, cofactorless form: s < L, and R is compared as bytes. The point comes from
     * `fromMontgomery`. Message up to any size, signature R || s of 64 bytes.
     */
    verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
    /** The compressed point with the u-coordinate's y and the given sign bit of x; `undefined` when there is none. */
    fromMontgomery(u: Uint8Array, sign: 0 | 1): Uint8Array | undefined;
    /** Whether the point is torsion-free and not of small order. */
    isPrimeOrder(point: Uint8Array): boolean;
  };
  /** Argon2id (RFC 9106), version 0x13, one lane. */
  argon2id(password: Uint8Array, salt: Uint8Array, options: { memoryKiB: number; iterations: number; length: number }): Uint8Array;
}
