// The private keys that an attacker holds, and the one thing they are for: whoever has one half of an agreement computes it.

import { type Primitives, concat } from "@sotto/protocol";
import type { KeyRing } from "../key-ring.ts";

const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** Grows as more is found. */
export class KnownKeys {
  readonly #p: Primitives;
  readonly #x25519 = new Map<string, Uint8Array>();
  readonly #kem = new Map<string, Uint8Array>();
  readonly #kemMessages = new Map<string, Uint8Array>();
  readonly #postQuantum = new Map<string, Uint8Array>();

  constructor(p: Primitives, ring: KeyRing) {
    this.#p = p;
    for (const privateKey of ring.x25519) this.add(privateKey);
    for (const seed of ring.kemSeeds) this.addKem(seed);
    for (const message of ring.kemMessages) this.addKemMessage(message);
    for (const { seed, postQuantum } of ring.messages) this.#postQuantum.set(key(seed), postQuantum);
  }

  add(privateKey: Uint8Array): void {
    this.#x25519.set(key(concat(Uint8Array.of(5), this.#p.x25519PublicKey(privateKey))), privateKey);
    // A generator that repeats itself repeats itself everywhere: what was a key may be the message of an encapsulation.
    this.addKemMessage(privateKey);
  }

  /** A seed of 64 bytes: of a Kyber prekey or of the braid. */
  addKem(seed: Uint8Array): void {
    this.#kem.set(key(seed), seed);
  }

  addKemMessage(message: Uint8Array): void {
    this.#kemMessages.set(key(message), message);
  }

  /** Our half of a public key (33 bytes). */
  privateOf(publicKey: Uint8Array): Uint8Array | undefined {
    return this.#x25519.get(key(publicKey));
  }

  /** What two public keys (33 bytes each) agree on, if one private half is known. */
  agreement(a: Uint8Array, b: Uint8Array): Uint8Array | undefined {
    const [ofA, ofB] = [this.privateOf(a), this.privateOf(b)];
    if (ofA !== undefined) return this.#p.x25519(ofA, b.subarray(1));
    return ofB === undefined ? undefined : this.#p.x25519(ofB, a.subarray(1));
  }

  /** The post-quantum key of the message with this seed, for who was handed these keys. */
  postQuantumKey(seed: Uint8Array): Uint8Array | undefined {
    return this.#postQuantum.get(key(seed));
  }

  get kemSeeds(): Iterable<Uint8Array> {
    return this.#kem.values();
  }

  get kemMessages(): Iterable<Uint8Array> {
    return this.#kemMessages.values();
  }
}
