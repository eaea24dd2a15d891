// Handles: optional human names for accounts, first come, first served, claimed by the account's signature. A relay may lie about them.

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { WireError } from "./errors.ts";
import { writeBe8 } from "./layout.ts";
import { MAX_ANSWER_BYTES, MAX_HANDLE_CLAIM_BYTES } from "./limits.ts";

/** A claim: `issued` in ms by the signer's clock, `signature` XEdDSA by the account over `handleClaimMessage`. */
export interface HandleClaim {
  /** 33 bytes. */
  readonly account: Uint8Array;
  readonly issued: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Where a handle is (`GET`, `PUT`). Throws `handle/invalid`. */
export function handlePath(handle: string): string {
  return `/v1/handles/${parseHandle(handle)}`;
}

/** A handle in its one spelling: 3 to 32 of a-z, 0-9, `.`, `_`, `-`, beginning with a letter. Throws `handle/invalid`. */
export function parseHandle(text: string): string {
  if (!/^[a-z][a-z0-9._-]{2,31}$/.test(text)) {
    throw new WireError("handle/invalid", "a handle has 3 to 32 characters of a-z, 0-9, dot, underscore, hyphen, and begins with a letter");
  }
  return text;
}

/** What an account signs to claim a handle: "Sotto Handle v1" || name || BE8 issued. */
export function handleClaimMessage(handle: string, issued: number): Uint8Array {
  const text = `Sotto Handle v1${parseHandle(handle)}`;
  const message = new Uint8Array(text.length + 8);
  for (let i = 0; i < text.length; i++) message[i] = text.charCodeAt(i);
  writeBe8(message, text.length, issued);
  return message;
}

/** The body of `PUT`. */
export function encodeHandleClaim(claim: HandleClaim): Uint8Array {
  return encodeFrame({ ...claim });
}

/** Reads the body of `PUT`, unverified. Throws `frame/invalid`, `frame/too-large`. */
export function decodeHandleClaim(bytes: Uint8Array): HandleClaim {
  const fields = decodeFrame(bytes, MAX_HANDLE_CLAIM_BYTES, "a handle claim");
  const claim = { account: fields.bytes("account", 33), issued: fields.uint("issued"), signature: fields.bytes("signature", 64) };
  fields.end();
  return claim;
}

/** The answer to `GET`: the account's key, 33 bytes. */
export function encodeHandleAnswer(account: Uint8Array): Uint8Array {
  return encodeFrame({ account });
}

/** Reads the answer to `GET`: the account's key, 33 bytes, as the relay says. Throws `frame/invalid`, `frame/too-large`. */
export function decodeHandleAnswer(bytes: Uint8Array): Uint8Array {
  const fields = decodeFrame(bytes, MAX_ANSWER_BYTES, "the answer about a handle");
  const account = fields.bytes("account", 33);
  fields.end();
  return account;
}
