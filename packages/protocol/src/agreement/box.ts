// A box: bytes that only the two who agreed can read, and of which each knows which of the two sealed it (spec §1). Takes and gives bytes.
// No forward secrecy, no order, no replay protection: those are the session's concern.

import { concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { Secret } from "../secret.ts";
import { agree } from "./agreement.ts";
import type { KeyPair, PublicKey } from "./key-pair.ts";

const NONCE_LENGTH = 24;
const TAG_LENGTH = 16;

/** Bytes that a box is longer than its plaintext: nonce and authentication tag. */
export const BOX_OVERHEAD = NONCE_LENGTH + TAG_LENGTH;

/** Who sealed a box and for whom. Both keys are authenticated, so that a box cannot be sent back to its author. */
export interface BoxDirection {
  readonly sender: PublicKey;
  readonly recipient: PublicKey;
}

/** Seals for `theirs` under a fresh agreement: `nonce(24) || XChaCha20-Poly1305`. Errors of `agree`. */
export function sealBox(
  p: Primitives,
  ours: KeyPair,
  theirs: PublicKey,
  context: Uint8Array,
  plaintext: Uint8Array,
  ad: Uint8Array,
): Uint8Array {
  const key = agree(p, ours, theirs, context);
  const box = sealBoxWithKey(p, key, { sender: ours.publicKey, recipient: theirs }, plaintext, ad);
  key.wipe();
  return box;
}

/** Opens what `theirs` sealed for us. `agreement/box-invalid` unless every byte, the context and `ad` are what was sealed. */
export function openBox(p: Primitives, ours: KeyPair, theirs: PublicKey, context: Uint8Array, box: Uint8Array, ad: Uint8Array): Uint8Array {
  const key = agree(p, ours, theirs, context);
  try {
    return openBoxWithKey(p, key, { sender: theirs, recipient: ours.publicKey }, box, ad);
  } finally {
    key.wipe();
  }
}

/** `sealBox` for those who keep the agreed key, which saves an X25519 per box. */
export function sealBoxWithKey(p: Primitives, key: Secret, direction: BoxDirection, plaintext: Uint8Array, ad: Uint8Array): Uint8Array {
  const nonce = p.randomBytes(NONCE_LENGTH);
  return concat(nonce, p.xchacha20poly1305.seal(key.expose(), nonce, plaintext, fullAd(direction, ad)));
}

/** `openBox` for those who keep the agreed key. `agreement/box-invalid`. */
export function openBoxWithKey(p: Primitives, key: Secret, direction: BoxDirection, box: Uint8Array, ad: Uint8Array): Uint8Array {
  const plaintext =
    box.length < BOX_OVERHEAD
      ? undefined
      : p.xchacha20poly1305.open(key.expose(), box.subarray(0, NONCE_LENGTH), box.subarray(NONCE_LENGTH), fullAd(direction, ad));
  if (plaintext === undefined) {
    throw new ProtocolError("agreement/box-invalid", "the box was changed, or is not for this key, sender or context");
  }
  return plaintext;
}

function fullAd({ sender, recipient }: BoxDirection, ad: Uint8Array): Uint8Array {
  return concat(sender, recipient, ad);
}
