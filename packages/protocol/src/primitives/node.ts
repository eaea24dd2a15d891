// The provider for Node: X25519, Ed25519 verification, hashes and Argon2 from node:crypto, the ChaCha20 ciphers from libsodium, the rest from
// noble. Same results as the portable provider, by one suite. The only file of this package that knows Node; it can be imported once
// libsodium's WebAssembly is there, 30 ms. Choices were measured on Node 24.21:
//   - keys enter raw, and with stack traces off: Node asks what kind of key it was given by catching errors (`quietly`).
//   - private keys are imported once: importing one computes its public half. X25519 pairs are made natively, in one call.
//   - ciphers get a secret-key object: with a raw key they ask the same questions. A cipher object of Node costs more than sealing a message:
//     libsodium's ciphers take a record of the store in a quarter of the time, and nothing longer than a cell goes through them often.
//   - HMAC and HKDF are ours (sha256.ts): a call of a library, native or not, costs more than hashing a block or two.
//   - ML-KEM is native, but for encapsulations with a given message, which Node does not have.
//   - random bytes are drawn by the page.

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
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomFillSync,
  verify as verifySignature,
} from "node:crypto";
import { equalBytes } from "../bytes.ts";
import type { Argon2id } from "./argon2id.ts";
import { isSmallOrder, nobleEdwards } from "./edwards.ts";
import { hkdfExpandSha256, hkdfExtractSha256, hkdfSha256, hmacSha256 } from "./sha256.ts";
import { portablePrimitives } from "./portable.ts";
import type { Kem, Primitives } from "./primitives.ts";
import { loadSodiumCiphers } from "./sodium.ts";

const { chacha20poly1305, xchacha20poly1305 } = await loadSodiumCiphers();

const KEY_LENGTH = 32;

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
    // Tests and replays bring their own randomness, and get the keys that it makes.
    ...(randomBytes === systemRandom ? { x25519KeyPair } : {}),
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

/** Random bytes that nobody was given yet: drawing a nonce costs as much as drawing a page. */
const pool = new Uint8Array(4096);
let poolUsed = pool.length;

function systemRandom(length: number): Uint8Array {
  if (length > pool.length / 8) return randomFillSync(new Uint8Array(length));
  if (length > pool.length - poolUsed) {
    randomFillSync(pool);
    poolUsed = 0;
  }
  const drawn = pool.slice(poolUsed, poolUsed + length);
  pool.fill(0, poolUsed, (poolUsed += length));
  return drawn;
}

function x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const keys = { privateKey: importPrivate("x25519", privateKey), publicKey: importTheirs(publicKey) };
  try {
    return plain(diffieHellman(keys));
  } catch {
    // OpenSSL refuses an all-zero result; RFC 7748's function gives it, and so does this interface.
    return new Uint8Array(KEY_LENGTH);
  }
}

function x25519PublicKey(privateKey: Uint8Array): Uint8Array {
  return plain(createPublicKey(importPrivate("x25519", privateKey)).export({ format: "raw-public" }));
}

function x25519KeyPair(): { privateKey: Uint8Array; publicKey: Uint8Array } {
  const made = generateKeyPairSync("x25519");
  const privateKey = plain(made.privateKey.export({ format: "raw-private" }));
  importedKeys.set(privateKey, { key: made.privateKey, bytes: privateKey.slice() });
  return { privateKey, publicKey: plain(made.publicKey.export({ format: "raw-public" })) };
}

function verifyEd25519(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (isSmallOrder(point) || isSmallOrder(signature.subarray(0, 32))) return false;
  return verifySignature(null, message, importPublic("ed25519", point), signature);
}

/** Importing a private key computes its public half, which costs as much as using it: a ratchet key is used three times. */
const importedKeys = new WeakMap<Uint8Array, { readonly key: KeyObject; readonly bytes: Uint8Array }>();

type PrivateKind = "x25519" | "ml-kem-768" | "ml-kem-1024";

/** The key object of a private key (X25519: the scalar; ML-KEM: the seed). */
function importPrivate(kind: PrivateKind, bytes: Uint8Array): KeyObject {
  const held = importedKeys.get(bytes);
  // Arrays can be written to: a wiped or re-used one must not stand for the key that it once held.
  if (held?.key.asymmetricKeyType === kind && equalBytes(held.bytes, bytes)) return held.key;
  const format = kind === "x25519" ? "raw-private" : "raw-seed";
  const key = quietly(() => createPrivateKey({ key: view(bytes), format, asymmetricKeyType: kind }));
  importedKeys.set(bytes, { key, bytes: bytes.slice() });
  return key;
}

function importPublic(kind: PrivateKind | "ed25519", bytes: Uint8Array): KeyObject {
  return quietly(() => createPublicKey({ key: view(bytes), format: "raw-public", asymmetricKeyType: kind }));
}

/** The X25519 key that was agreed with last: a ratchet step agrees with the same one twice. */
let lastTheirs: { readonly key: KeyObject; readonly bytes: Uint8Array } | undefined;

function importTheirs(publicKey: Uint8Array): KeyObject {
  if (lastTheirs === undefined || !equalBytes(lastTheirs.bytes, publicKey)) {
    lastTheirs = { key: importPublic("x25519", publicKey), bytes: publicKey.slice() };
  }
  return lastTheirs.key;
}

/**
 * Runs `work` without capturing stacks. To import a key, Node 24.21 asks four times what it was given and takes an error for an answer;
 * the stacks of these errors, which nobody sees, cost three times the import of a public key.
 */
function quietly<T>(work: () => T): T {
  const limit = Error.stackTraceLimit;
  // Where the intrinsics are frozen this does nothing, and does not throw.
  Reflect.set(Error, "stackTraceLimit", 0);
  try {
    return work();
  } finally {
    Reflect.set(Error, "stackTraceLimit", limit);
  }
}

/** Node draws the message of an encapsulation itself; one with a given message is the portable provider's. */
function kem(kind: "ml-kem-768" | "ml-kem-1024", portable: Kem): Kem {
  return {
    publicKey: (seed) => plain(createPublicKey(importPrivate(kind, seed)).export({ format: "raw-public" })),
    encapsulate(publicKey, message) {
      if (message !== undefined) return portable.encapsulate(publicKey, message);
      try {
        const made = encapsulate(importPublic(kind, publicKey));
        return { ciphertext: plain(made.ciphertext), sharedSecret: plain(made.sharedKey) };
      } catch {
        return undefined;
      }
    },
    decapsulate: (seed, ciphertext) => plain(decapsulate(importPrivate(kind, seed), ciphertext)),
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

/** The same memory as a Buffer, which some of Node's functions want. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A Buffer is a view of a shared pool, and its `slice` does not copy: nothing of that leaves this file. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
