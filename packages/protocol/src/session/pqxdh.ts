// PQXDH: who has another's prekeys makes a session with them, unasked. Takes keys, gives the three keys a session starts from and the
// secret that the first stream is derived from. Whose the keys are, and whether their signatures hold, is the caller's concern. spec/03 §5.

import { sharedPoint } from "../agreement/agreement.ts";
import type { KeyPair, PublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type KyberKeyPair, kyberDecapsulate, kyberEncapsulate } from "./kyber1024.ts";

const INFO = ascii("WhisperText_X25519_SHA-256_CRYSTALS-KYBER-1024");
const INITIATOR_STREAM = ascii("Sotto Stream v1 initiator");
const RESPONDER_STREAM = ascii("Sotto Stream v1");

/** What both sides have after the handshake: 32 bytes each. */
export interface HandshakeKeys {
  readonly rootKey: Uint8Array;
  readonly chainKey: Uint8Array;
  readonly spqrKey: Uint8Array;
  /** T of the chain 0 of each direction (spec §4). */
  readonly streams: { readonly initiator: Secret; readonly responder: Secret };
}

/** The other side's prekeys, with signatures already verified. */
export interface TheirPrekeys {
  readonly identityKey: PublicKey;
  readonly signedPrekey: PublicKey;
  readonly kyberPrekey: Uint8Array;
  readonly oneTimePrekey?: PublicKey;
}

/** The initiator's half: the keys and the Kyber ciphertext (1569) to send along. */
export function initiateHandshake(
  p: Primitives,
  ours: { identity: KeyPair; base: KeyPair },
  theirs: TheirPrekeys,
): { keys: HandshakeKeys; kyberCiphertext: Uint8Array } {
  const { ciphertext, secret } = kyberEncapsulate(p, theirs.kyberPrekey);
  const agreements = [
    sharedPoint(p, ours.identity, theirs.signedPrekey),
    sharedPoint(p, ours.base, theirs.identityKey),
    sharedPoint(p, ours.base, theirs.signedPrekey),
    ...(theirs.oneTimePrekey === undefined ? [] : [sharedPoint(p, ours.base, theirs.oneTimePrekey)]),
  ];
  return { keys: deriveKeys(p, agreements, secret), kyberCiphertext: ciphertext };
}

/** Our own prekeys that the initiator chose. */
export interface OurPrekeys {
  readonly identity: KeyPair;
  readonly signedPrekey: KeyPair;
  readonly kyberPrekey: KyberKeyPair;
  readonly oneTimePrekey?: KeyPair;
}

/** The responder's half. */
export function answerHandshake(
  p: Primitives,
  ours: OurPrekeys,
  theirs: { identityKey: PublicKey; baseKey: PublicKey; kyberCiphertext: Uint8Array },
): HandshakeKeys {
  const agreements = [
    sharedPoint(p, ours.signedPrekey, theirs.identityKey),
    sharedPoint(p, ours.identity, theirs.baseKey),
    sharedPoint(p, ours.signedPrekey, theirs.baseKey),
    ...(ours.oneTimePrekey === undefined ? [] : [sharedPoint(p, ours.oneTimePrekey, theirs.baseKey)]),
  ];
  return deriveKeys(p, agreements, kyberDecapsulate(p, ours.kyberPrekey, theirs.kyberCiphertext));
}

function deriveKeys(p: Primitives, agreements: readonly Secret[], kyberSecret: Uint8Array): HandshakeKeys {
  const ikm = concat(new Uint8Array(32).fill(0xff), ...agreements.map((agreement) => agreement.expose()), kyberSecret);
  const keys = p.hkdf(undefined, ikm, INFO, 96);
  const stream = (label: Uint8Array): Secret => new Secret(p.hkdf(undefined, ikm, label, 32));
  const streams = { initiator: stream(INITIATOR_STREAM), responder: stream(RESPONDER_STREAM) };
  ikm.fill(0);
  kyberSecret.fill(0);
  for (const agreement of agreements) agreement.wipe();
  const made = { rootKey: keys.slice(0, 32), chainKey: keys.slice(32, 64), spqrKey: keys.slice(64), streams };
  keys.fill(0);
  return made;
}
