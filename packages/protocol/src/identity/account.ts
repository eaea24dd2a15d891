// The account: who somebody is, whatever devices they use (spec §2). Takes a phrase, gives the account key and the names that follow from
// it. The account key signs only; agreements use device or ephemeral keys.

import { decodeBech32m, encodeBech32m, hex } from "@sotto/encoding";
import { type KeyPair, type PublicKey, keyPairFromPrivate, parsePublicKey, uCoordinate } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { ACCOUNT_ID_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { Phrase } from "./phrase.ts";

const ACCOUNT_LABEL = ascii("Sotto Account v1");
const SERVICE_LABEL = ascii("Sotto Service v1");
const ID_PREFIX = "sotto";

/** The key pair of an account and its id. */
export interface AccountKey extends KeyPair {
  /** `sotto1…`, 64 characters. */
  readonly id: string;
}

/** The account of a phrase: always the same one. */
export function accountFromPhrase(p: Primitives, phrase: Phrase): AccountKey {
  return accountFromEntropy(p, phrase.entropy.expose());
}

/** The account of what a phrase stands for (32 or 16 bytes): who signs need not know the words. */
export function accountFromEntropy(p: Primitives, entropy: Uint8Array): AccountKey {
  const seed = p.hkdf(undefined, entropy, ACCOUNT_LABEL, 32);
  const keys = keyPairFromPrivate(p, seed);
  seed.fill(0);
  return { ...keys, id: accountId(keys.publicKey) };
}

/** An account key as text: bech32m with prefix `sotto`, 64 characters. It holds the whole key, so nobody can lie about whose it is. */
export function accountId(publicKey: PublicKey): string {
  return encodeBech32m(ID_PREFIX, uCoordinate(publicKey));
}

/** The account key of an id that a person typed, pasted or scanned; all upper case is fine too. `identity/invalid-id`. */
export function parseAccountId(p: Primitives, text: string): PublicKey {
  const id = text.trim();
  if (id.length !== ACCOUNT_ID_LENGTH) throw invalidId();
  try {
    return parsePublicKey(p, concat(Uint8Array.of(0x05), decodeBech32m(ID_PREFIX, id)));
  } catch {
    // A wrong checksum, padding or key: for the person it is one and the same.
    throw invalidId();
  }
}

/** The account's name inside sessions, where Signal has its ACI: a lower-case UUID made from the account key. */
export function serviceId(p: Primitives, publicKey: PublicKey): string {
  return hex.encode(serviceIdBytes(p, publicKey)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The service id as its 16 bytes. */
export function serviceIdBytes(p: Primitives, publicKey: PublicKey): Uint8Array {
  return p.sha256(concat(SERVICE_LABEL, publicKey)).slice(0, 16);
}

function invalidId(): ProtocolError {
  return new ProtocolError("identity/invalid-id", "not an account id: expected sotto1 and 58 more characters, copied whole");
}
