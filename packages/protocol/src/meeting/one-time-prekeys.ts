// One-time prekeys as they are published beside a bundle (spec §5): a list whose hash the device signed, of which a relay hands out each
// once. Takes keys, gives bytes; takes bytes and a signed hash, gives keys that can be trusted.
//
//   count BE2 || count x (id BE4 || key 33)

import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import { Reader, be2, be4, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_ONE_TIME_PREKEYS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";

/** A one-time prekey: its id and the public key (33 bytes, unverified). */
export interface OneTimePrekey {
  readonly id: number;
  readonly key: Uint8Array;
}

export function encodeOneTimePrekeys(keys: readonly OneTimePrekey[]): Uint8Array {
  return concat(be2(keys.length), ...keys.flatMap(({ id, key }) => [be4(id), key]));
}

/** `decode/invalid`. */
export function decodeOneTimePrekeys(bytes: Uint8Array): readonly OneTimePrekey[] {
  const reader = new Reader(bytes, "a list of one-time prekeys");
  const count = reader.uint(2);
  if (count > MAX_ONE_TIME_PREKEYS) throw new ProtocolError("decode/invalid", "a list of one-time prekeys is too long");
  const keys = Array.from({ length: count }, () => ({ id: reader.uint(4), key: reader.take(PUBLIC_KEY_LENGTH) }));
  reader.end();
  return keys;
}

/** The hash that a bundle signs: SHA-256 of the list, or zeros for none. */
export function hashOneTimePrekeys(p: Primitives, bytes: Uint8Array | undefined): Uint8Array {
  return bytes === undefined ? new Uint8Array(32) : p.sha256(bytes);
}

/**
 * The key number `taken` of a list that a relay handed out. `decode/invalid`, `identity/bad-signature` when the list is not the one that the
 * bundle signed.
 */
export function takenOneTimePrekey(p: Primitives, bytes: Uint8Array, taken: number, signedHash: Uint8Array): OneTimePrekey {
  if (!equalBytes(hashOneTimePrekeys(p, bytes), signedHash)) {
    throw new ProtocolError("identity/bad-signature", "one-time prekeys are not those that their device signed");
  }
  const key = decodeOneTimePrekeys(bytes)[taken];
  if (key === undefined) throw new ProtocolError("decode/invalid", "a one-time prekey is not in its list");
  return key;
}
