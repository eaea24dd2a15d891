// PQXDH once more, by somebody who was not there: from a hello, the public prekeys that it names and whatever private keys are known.

import { type Primitives, type PrekeyMessageIn, ascii, concat, equalBytes, kyberKeyPairFromSeed } from "@sotto/protocol";
import { kyberDecapsulate } from "../../../../packages/protocol/src/session/kyber1024.ts";
import type { Published } from "../party.ts";
import type { KnownKeys } from "./known-keys.ts";

const INFO = ascii("WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024");

/** What a handshake gives; right or wrong, only an opened message tells. */
export interface Handshake {
  readonly rootKey: Uint8Array;
  readonly spqrKey: Uint8Array;
  readonly streams: { readonly initiator: Uint8Array; readonly responder: Uint8Array };
  /** The responder's signed prekey (33 bytes), its first ratchet key. */
  readonly signedPrekey: Uint8Array;
}

/** Every handshake worth a try; none when one of the agreements is out of reach. */
export function handshakes(p: Primitives, keys: KnownKeys, { content, use }: PrekeyMessageIn, to: Published): Handshake[] {
  const bundle = to.bundles.find(({ prekeys }) => prekeys.signed.id === use.signedPrekeyId && prekeys.kyber.id === use.kyberPrekeyId);
  const oneTime = to.oneTime.find(({ id }) => id === use.oneTimePrekeyId);
  if (bundle === undefined || (use.oneTimePrekeyId !== undefined && oneTime === undefined)) return [];
  const signedPrekey = bundle.prekeys.signed.key;
  const agreements = [
    keys.agreement(content.identityKey, signedPrekey),
    keys.agreement(content.baseKey, to.entry.key),
    keys.agreement(content.baseKey, signedPrekey),
    ...(oneTime === undefined ? [] : [keys.agreement(content.baseKey, oneTime.key)]),
  ].filter((agreement) => agreement !== undefined);
  if (agreements.length < (oneTime === undefined ? 3 : 4)) return [];

  const start = concat(new Uint8Array(32).fill(0xff), ...agreements);
  return kyberSecrets(p, keys, bundle.prekeys.kyber.key, content.kyberCiphertext).map((secret) => {
    const ikm = concat(start, secret);
    const derived = p.hkdf(undefined, ikm, INFO, 96);
    const stream = (label: string): Uint8Array => p.hkdf(undefined, ikm, ascii(label), 32);
    return {
      rootKey: derived.slice(0, 32),
      spqrKey: derived.slice(64),
      streams: { initiator: stream("Sotto Stream v1 initiator"), responder: stream("Sotto Stream v1") },
      signedPrekey,
    };
  });
}

/** The Kyber secret if its key is known; else what a careless implementation would have: nothing, zeros, or the rejection value. */
function kyberSecrets(p: Primitives, keys: KnownKeys, publicKey: Uint8Array, ciphertext: Uint8Array): Uint8Array[] {
  for (const seed of keys.kemSeeds) {
    const pair = kyberKeyPairFromSeed(p, seed);
    if (equalBytes(pair.publicKey, publicKey)) return [kyberDecapsulate(p, pair, ciphertext)];
  }
  const wrongKey = kyberKeyPairFromSeed(p, new Uint8Array(64));
  return [new Uint8Array(), new Uint8Array(32), kyberDecapsulate(p, wrongKey, ciphertext)];
}
