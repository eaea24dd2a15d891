// Request streams: where somebody who already has our card writes before a session carries both ways, and where a new device of a known
// account introduces itself (spec §5). Takes the request key from a card and two keys, gives addresses. Counting requests durably is the
// caller's concern.

import type { PublicKey } from "../agreement/key-pair.ts";
import { ascii, concat } from "../bytes.ts";
import { REQUEST_WINDOW } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type CellAddress, cellAddress, cellAddresses } from "../stream/cell.ts";

const LABEL = ascii("Sotto Request v1");
const OWN_LABEL = ascii("Sotto Own Requests v1");

/** A fresh request key (32 bytes), for one contact. */
export function newRequestKey(p: Primitives): Secret {
  return new Secret(p.randomBytes(32));
}

/**
 * The request key under which a device restored from the words introduces itself to the account's others:
 * `HKDF(no salt, E, "Sotto Own Requests v1", 32)` of the phrase's entropy E.
 */
export function ownRequestKey(p: Primitives, entropy: Uint8Array): Secret {
  return new Secret(p.hkdf(undefined, entropy, OWN_LABEL, 32));
}

/**
 * The root of the requests from `sd` to `rd`: `HKDF(no salt, requestKey, "Sotto Request v1" || sd || rd, 32)`. `rd` is a device key; `sd` is
 * the sending device's key, or its *account* key where the receiver cannot know that device yet.
 */
export function requestStream(p: Primitives, requestKey: Secret, sd: PublicKey, rd: PublicKey): Secret {
  return new Secret(p.hkdf(undefined, requestKey.expose(), concat(LABEL, sd, rd), 32));
}

/** The address of request number `index` from `sd` to `rd`. */
export function requestAddress(p: Primitives, requestKey: Secret, sd: PublicKey, rd: PublicKey, index: number): CellAddress {
  return cellAddress(p, requestStream(p, requestKey, sd, rd), index);
}

/** The 8 addresses that a receiver watches from `next`, the number after the highest request seen. */
export function requestWindow(p: Primitives, requestKey: Secret, sd: PublicKey, rd: PublicKey, next: number): readonly CellAddress[] {
  return cellAddresses(p, requestStream(p, requestKey, sd, rd), next, REQUEST_WINDOW);
}
