// Public addresses: how somebody who knows nothing but an account key writes to it (spec §5). The tag's first half is computed from account
// and day, so that its owner finds such cells among all others; the second half is random. Takes an account key and a time, gives addresses.
// Whoever knows the account can do all of this: privacy is that of the sealed first contact inside.

import { type PublicKey, uCoordinate } from "../agreement/key-pair.ts";
import { ascii, be4, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { ADDRESS_DAYS_AHEAD, ADDRESS_DAYS_BACK, TAG_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import type { CellAddress } from "../stream/cell.ts";

const PREFIX = ascii("Sotto Address v1");
const CELL = ascii("Sotto Address Cell v1");
const DAY_MS = 24 * 60 * 60 * 1000;

/** Bytes of a tag that name account and day. */
export const ADDRESS_PREFIX_LENGTH = 8;

/** The number of the UTC day that `now` (ms) is in. */
export function utcDay(now: number): number {
  return Math.floor(now / DAY_MS);
}

/** The first 8 bytes of the tags of an account on one day: `HKDF(no salt, u, "Sotto Address v1" || BE4(day), 8)`. */
export function addressPrefix(p: Primitives, account: PublicKey, day: number): Uint8Array {
  return p.hkdf(undefined, uCoordinate(account), concat(PREFIX, be4(day)), ADDRESS_PREFIX_LENGTH);
}

/** The prefixes that the owner looks for: days -14 to +1 around `now` (ms), oldest first. */
export function addressPrefixes(p: Primitives, account: PublicKey, now: number): readonly Uint8Array[] {
  const today = utcDay(now);
  const prefixes: Uint8Array[] = [];
  for (let day = today - ADDRESS_DAYS_BACK; day <= today + ADDRESS_DAYS_AHEAD; day++) {
    if (day >= 0) prefixes.push(addressPrefix(p, account, day));
  }
  return prefixes;
}

/** A fresh address for one cell to an account, written at `now` (ms). */
export function newAddressCell(p: Primitives, account: PublicKey, now: number): CellAddress {
  return openableAddress(p, account, concat(addressPrefix(p, account, utcDay(now)), p.randomBytes(TAG_LENGTH - ADDRESS_PREFIX_LENGTH)));
}

/** Whether a tag begins with one of the owner's prefixes, and is worth opening. */
export function matchesAddress(prefixes: readonly Uint8Array[], tag: Uint8Array): boolean {
  return prefixes.some((prefix) => equalBytes(prefix, tag.subarray(0, ADDRESS_PREFIX_LENGTH)));
}

/** The address of a cell that was found: `cellKey = HKDF(no salt, u || tag, "Sotto Address Cell v1", 32)`. */
export function openableAddress(p: Primitives, account: PublicKey, tag: Uint8Array): CellAddress {
  if (tag.length !== TAG_LENGTH) throw new ProtocolError("argument/invalid", `a tag has ${TAG_LENGTH} bytes`);
  return { tag, cellKey: new Secret(p.hkdf(undefined, concat(uCoordinate(account), tag), CELL, 32)) };
}
