// The MACs under which the post-quantum ratchet's headers and ciphertexts travel, with a key that every epoch renews. spec/03 §9.

import { ascii, be8, concat, equalBytes } from "../../bytes.ts";
import type { Primitives } from "../../primitives/primitives.ts";

const UPDATE = ascii("Signal_PQCKA_V1_MLKEM768:Authenticator Update");
const HEADER = ascii("Signal_PQCKA_V1_MLKEM768:ekheader");
const CIPHERTEXT = ascii("Signal_PQCKA_V1_MLKEM768:ciphertext");

/** Bytes of a MAC. */
export const MAC = 32;

/** root (32) and MAC key (32). */
export interface Authenticator {
  readonly root: Uint8Array;
  readonly macKey: Uint8Array;
}

/** The state both sides start with, from the key that PQXDH gave them. */
export function startAuthenticator(p: Primitives, authKey: Uint8Array): Authenticator {
  return updateAuthenticator(p, { root: new Uint8Array(32), macKey: new Uint8Array(32) }, 1, authKey);
}

/** Mixes an epoch's secret in. */
export function updateAuthenticator(p: Primitives, state: Authenticator, epoch: number, secret: Uint8Array): Authenticator {
  const keys = p.hkdf(undefined, concat(state.root, secret), concat(UPDATE, be8(epoch)), 64);
  return { root: keys.slice(0, 32), macKey: keys.slice(32) };
}

export const headerMac = (p: Primitives, state: Authenticator, epoch: number, header: Uint8Array): Uint8Array =>
  p.hmac(state.macKey, concat(HEADER, be8(epoch), header));

export const ciphertextMac = (p: Primitives, state: Authenticator, epoch: number, ciphertext: Uint8Array): Uint8Array =>
  p.hmac(state.macKey, concat(CIPHERTEXT, be8(epoch), ciphertext));

/** Splits `body || MAC` and gives the body if the MAC is right. */
export function verified(framed: Uint8Array, mac: (body: Uint8Array) => Uint8Array): Uint8Array | undefined {
  const body = framed.subarray(0, framed.length - MAC);
  return equalBytes(mac(body), framed.subarray(framed.length - MAC)) ? body.slice() : undefined;
}
