// One chain of the double ratchet: every message takes a seed and moves the chain on. spec/03 §6.

import { ascii } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";

const SEED = Uint8Array.of(0x01);
const NEXT = Uint8Array.of(0x02);
const MESSAGE_KEYS = ascii("WhisperMessageKeys");
const ROOT = ascii("WhisperRatchet");
const STREAM = ascii("Sotto Stream v1");

/** A chain key (32) and the counter of the message it is for. */
export interface ChainKey {
  readonly key: Uint8Array;
  readonly index: number;
}

export const nextChainKey = (p: Primitives, { key, index }: ChainKey): ChainKey => ({ key: p.hmac(key, NEXT), index: index + 1 });

/** What a message's keys are derived from (32): this is what is kept for a message that was jumped over. */
export const messageSeed = (p: Primitives, { key }: ChainKey): Uint8Array => p.hmac(key, SEED);

/** Keys of one message: cipher key (32), MAC key (32), IV (16). */
export interface MessageKeys {
  readonly cipherKey: Uint8Array;
  readonly macKey: Uint8Array;
  readonly iv: Uint8Array;
}

/** The seed and the post-quantum ratchet's key for the same message give its keys: who breaks one of the two has nothing. */
export function messageKeys(p: Primitives, seed: Uint8Array, spqrKey: Uint8Array): MessageKeys {
  const keys = p.hkdf(spqrKey, seed, MESSAGE_KEYS, 80);
  return { cipherKey: keys.subarray(0, 32), macKey: keys.subarray(32, 64), iv: keys.subarray(64) };
}

/** A RootStep: the next root key, a new chain, and T of the same direction's chain after that (spec/04). */
export function rootStep(
  p: Primitives,
  rootKey: Uint8Array,
  agreement: Uint8Array,
): { rootKey: Uint8Array; chain: ChainKey; streamKey: Uint8Array } {
  const prk = p.hkdfExtract(rootKey, agreement);
  const keys = p.hkdfExpand(prk, ROOT, 64);
  return { rootKey: keys.slice(0, 32), chain: { key: keys.slice(32), index: 0 }, streamKey: p.hkdfExpand(prk, STREAM, 32) };
}
