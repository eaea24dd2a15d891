// Every private key that a run makes, taken where all of them pass: at the primitives. It gives attackers what no theft gives: keys that
// were erased, keys that never left a function. What they do with them is not its concern.

import { type Primitives, ascii, equalBytes } from "@sotto/protocol";

const MESSAGE_KEYS = ascii("WhisperMessageKeys");

/** Private halves: X25519 scalars (32 bytes), seeds of ML-KEM key pairs (64), random messages of encapsulations (32); and keys of messages. */
export interface KeyRing {
  readonly x25519: readonly Uint8Array[];
  readonly kemSeeds: readonly Uint8Array[];
  readonly kemMessages: readonly Uint8Array[];
  /** What the two ratchets gave for each message: a seed and a post-quantum key (32 bytes each). Who has both reads it. */
  readonly messages: readonly MessageSecrets[];
}

/** The halves that a message's keys are made from. */
export interface MessageSecrets {
  readonly seed: Uint8Array;
  readonly postQuantum: Uint8Array;
}

/** Nothing but the recording. */
export const noKeys: KeyRing = { x25519: [], kemSeeds: [], kemMessages: [], messages: [] };

/** The same primitives, and everything secret that goes through them from now on. */
export function tapped(p: Primitives): { readonly primitives: Primitives; keys(): KeyRing } {
  const [x25519, kemSeeds, kemMessages] = [new ByteSet(), new ByteSet(), new ByteSet()];
  const messages: MessageSecrets[] = [];
  const primitives: Primitives = {
    ...p,
    hkdf(salt, ikm, info, length) {
      if (salt !== undefined && equalBytes(info, MESSAGE_KEYS)) messages.push({ seed: ikm.slice(), postQuantum: salt.slice() });
      return p.hkdf(salt, ikm, info, length);
    },
    x25519(privateKey, publicKey) {
      x25519.add(privateKey);
      return p.x25519(privateKey, publicKey);
    },
    x25519PublicKey(privateKey) {
      x25519.add(privateKey);
      return p.x25519PublicKey(privateKey);
    },
    mlKem768: {
      ...p.mlKem768,
      publicKey(seed) {
        kemSeeds.add(seed);
        return p.mlKem768.publicKey(seed);
      },
      encapsulateFirst(rho, keyHash, message) {
        kemMessages.add(message);
        return p.mlKem768.encapsulateFirst(rho, keyHash, message);
      },
    },
    mlKem1024: {
      ...p.mlKem1024,
      publicKey(seed) {
        kemSeeds.add(seed);
        return p.mlKem1024.publicKey(seed);
      },
    },
  };
  return { primitives, keys: () => ({ x25519: x25519.all, kemSeeds: kemSeeds.all, kemMessages: kemMessages.all, messages }) };
}

/** Byte strings, each once, as copies: their owners wipe them. */
class ByteSet {
  readonly #held = new Map<string, Uint8Array>();

  add(bytes: Uint8Array): void {
    this.#held.set(Buffer.from(bytes).toString("base64"), bytes.slice());
  }

  get all(): readonly Uint8Array[] {
    return [...this.#held.values()];
  }
}
