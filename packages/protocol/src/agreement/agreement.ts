// Two key pairs agree on one key (spec §1): the seed of everything. Takes our pair, the other's public key and a context label; gives 32
// secret bytes that both sides compute alike and that never travel. Who the other is, is not a concern here.

import { ascii, compareBytes, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type KeyPair, type PublicKey, uCoordinate } from "./key-pair.ts";

const LABEL = ascii("Sotto Agreement v1");

/**
 * `HKDF(no salt, X25519(ours, theirs), "Sotto Agreement v1" || min || max || context, 32)`.
 * `agreement/invalid-key` when both keys are the same or the shared point is zero.
 */
export function agree(p: Primitives, ours: KeyPair, theirs: PublicKey, context: Uint8Array): Secret {
  const shared = sharedPoint(p, ours, theirs);
  const [low, high] = compareBytes(ours.publicKey, theirs) < 0 ? [ours.publicKey, theirs] : [theirs, ours.publicKey];
  const key = p.hkdf(undefined, shared.expose(), concat(LABEL, low, high, context), 32);
  shared.wipe();
  return new Secret(key);
}

/** The bare X25519 output, 32 bytes, for constructions with their own key derivation. Same errors as `agree`. */
export function sharedPoint(p: Primitives, ours: KeyPair, theirs: PublicKey): Secret {
  if (equalBytes(ours.publicKey, theirs)) {
    throw new ProtocolError("agreement/invalid-key", "a key does not agree with itself: the other side sent our own key");
  }
  const shared = p.x25519(ours.privateKey.expose(), uCoordinate(theirs));
  if (equalBytes(shared, new Uint8Array(32))) {
    throw new ProtocolError("agreement/invalid-key", "the other side's key has small order");
  }
  return new Secret(shared);
}
