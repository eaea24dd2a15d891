// The layouts of a pairing's messages (spec §6, P-9 to P-16). M1, M2 and the ciphertext of M3 are fixed layouts that anybody with the QR
// code can read; the rest is sealed for the two devices of one run. Takes values, gives bytes, and back: every read is bounded and fails
// with `decode/invalid`. Whether a value may be believed is the machine's concern.

import { Reader, ascii, be2, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { SIGNATURE_LENGTH, sign, verify } from "../identity/xeddsa.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { PairingDevice } from "./events.ts";
import { type PairingInfo, decodeInfo } from "./info.ts";

/** Bytes of an ML-KEM-768 public key. */
export const KEM_KEY_LENGTH = 1184;
/** Bytes of an ML-KEM-768 ciphertext. */
export const CIPHERTEXT_LENGTH = 1088;

const POSSESS = ascii("Sotto Pair v1 possess");

/** M1, C to D: `cX(32) || commitment(32)`. */
export interface Claim {
  readonly exchangeKey: Uint8Array;
  readonly commitment: Uint8Array;
}

export const encodeClaim = (claim: Claim): Uint8Array => concat(claim.exchangeKey, claim.commitment);

export function decodeClaim(m1: Uint8Array): Claim {
  const reader = new Reader(m1, "the first message of a pairing");
  const claim = { exchangeKey: reader.take(32), commitment: reader.take(32) };
  reader.end();
  return claim;
}

/** M2, D to C: `ekD(1184) || nD(32)`. */
export interface Answer {
  readonly kemKey: Uint8Array;
  readonly nonce: Uint8Array;
}

export const encodeAnswer = (answer: Answer): Uint8Array => concat(answer.kemKey, answer.nonce);

export function decodeAnswer(m2: Uint8Array): Answer {
  const reader = new Reader(m2, "the answer of a pairing");
  const answer = { kemKey: reader.take(KEM_KEY_LENGTH), nonce: reader.take(32) };
  reader.end();
  return answer;
}

/** M3, C to D: `ct(1088) || AEAD_3`. */
export const joinOpening = (ciphertext: Uint8Array, sealed: Uint8Array): Uint8Array => concat(ciphertext, sealed);

export function splitOpening(m3: Uint8Array): { ciphertext: Uint8Array; sealed: Uint8Array } {
  const reader = new Reader(m3, "the opening of a pairing");
  return { ciphertext: reader.take(CIPHERTEXT_LENGTH), sealed: reader.rest() };
}

/** What AEAD_3 holds: `nC(32) || m(32) || introduction`. */
export interface OpeningSecrets {
  readonly nonce: Uint8Array;
  readonly message: Uint8Array;
  readonly introduction: Uint8Array;
}

export const encodeOpening = (secrets: OpeningSecrets): Uint8Array => concat(secrets.nonce, secrets.message, secrets.introduction);

export function decodeOpening(plaintext: Uint8Array): OpeningSecrets {
  const reader = new Reader(plaintext, "the opening of a pairing");
  return { nonce: reader.take(32), message: reader.take(32), introduction: reader.rest() };
}

/**
 * An introduction, in AEAD_3 and all of AEAD_6 (M3'): `BE2 length || info || possession`, where possession is there if and only if the
 * info shows a device key: XEdDSA over "Sotto Pair v1 possess" || T.
 */
export function encodeIntroduction(p: Primitives, info: Uint8Array, device: PairingDevice | undefined, transcript: Uint8Array): Uint8Array {
  const possession = device === undefined ? new Uint8Array(0) : sign(p, device.keys, concat(POSSESS, transcript));
  return concat(be2(info.length), info, possession);
}

/** Reads an introduction; gives the info as bytes too, for the commitment. A key whose possession is not proved is `decode/invalid`. */
export function decodeIntroduction(p: Primitives, bytes: Uint8Array, transcript: Uint8Array): { info: PairingInfo; infoBytes: Uint8Array } {
  const reader = new Reader(bytes, "the introduction of a pairing");
  const infoBytes = reader.take(reader.uint(2));
  const info = decodeInfo(p, infoBytes);
  if (info.device !== undefined) {
    const possession = reader.take(SIGNATURE_LENGTH);
    if (!verify(p, info.device.key, concat(POSSESS, transcript), possession)) {
      throw new ProtocolError("decode/invalid", "the other device does not hold the key that it shows");
    }
  }
  reader.end();
  return { info, infoBytes };
}
