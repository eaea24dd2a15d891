// The two message formats on the wire, byte for byte libsignal's: SignalMessage (ends with a MAC) and PreKeySignalMessage (wraps one and
// carries what a session is made from). Parsing checks form, not truth: the MAC is checked where the keys are. spec/03 §§7, 8.

import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import { concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { KYBER_CIPHERTEXT } from "./kyber1024.ts";
import { decodeFields, encodeFields } from "./protobuf.ts";

/** High nibble: the session's version; low nibble: the newest that the sender knows. */
const VERSION = 0x44;
const SESSION_VERSION = VERSION >> 4;
/** How every public key begins. */
const TYPE_CURVE25519 = 0x05;
/** Bytes of a message's MAC. */
const MAC = 8;
/** kind 1, UUID 16, device 1, twice. */
const ADDRESSES = 36;

export interface SignalMessage {
  /** The sender's ratchet key, 33 bytes as they came: checked when it is agreed with. */
  readonly ratchetKey: Uint8Array;
  readonly counter: number;
  readonly previousCounter: number;
  readonly ciphertext: Uint8Array;
  readonly spqr: Uint8Array;
  /** Sender and recipient (36 bytes), in messages that open a session. */
  readonly addresses?: Uint8Array;
}

/** Who sends to whom, for the MAC: identity keys, 33 bytes each. */
export interface MacContext {
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
}

/** version || fields || MAC (8). */
export function encodeSignalMessage(p: Primitives, message: SignalMessage, macKey: Uint8Array, context: MacContext): Uint8Array {
  const bytes = encodeFields(
    [
      [1, message.ratchetKey],
      [2, message.counter],
      [3, message.previousCounter],
      [4, message.ciphertext],
      [5, message.spqr],
      [6, message.addresses],
    ],
    1,
    MAC,
  );
  bytes[0] = VERSION;
  bytes.set(macOf(p, bytes, macKey, context), bytes.length - MAC);
  return bytes;
}

/** Fails with `decode/invalid`. */
export function decodeSignalMessage(bytes: Uint8Array): SignalMessage {
  requireVersion(bytes);
  const fields = decodeFields(bytes, "a message", 1, bytes.length - MAC);
  const ratchetKey = fields.bytes(1);
  const counter = fields.uint(2);
  const ciphertext = fields.bytes(4);
  const spqr = fields.bytes(5);
  const addresses = fields.bytes(6);
  if (
    ratchetKey === undefined ||
    !isPublicKeyShaped(ratchetKey) ||
    counter === undefined ||
    ciphertext === undefined ||
    spqr === undefined
  ) {
    throw new ProtocolError("decode/invalid", "a message lacks one of its parts");
  }
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0)
    throw new ProtocolError("decode/invalid", "a message's ciphertext has no whole blocks");
  if (addresses !== undefined && addresses.length !== ADDRESSES)
    throw new ProtocolError("decode/invalid", "a message's addresses are malformed");
  return { ratchetKey, counter, previousCounter: fields.uint(3) ?? 0, ciphertext, spqr, ...(addresses === undefined ? {} : { addresses }) };
}

/** Whether the MAC at the end of an encoded message is right. */
export function macHolds(p: Primitives, bytes: Uint8Array, macKey: Uint8Array, context: MacContext): boolean {
  return equalBytes(macOf(p, bytes, macKey, context), bytes.slice(-MAC));
}

/** The MAC (8) of a message, whose last 8 bytes are left out. */
function macOf(p: Primitives, bytes: Uint8Array, key: Uint8Array, { sender, recipient }: MacContext): Uint8Array {
  return p.hmac(key, concat(sender, recipient, bytes.subarray(0, -MAC))).slice(0, MAC);
}

export interface PrekeyMessage {
  readonly registrationId: number;
  readonly oneTimePrekeyId?: number;
  readonly signedPrekeyId: number;
  readonly kyberPrekeyId: number;
  readonly kyberCiphertext: Uint8Array;
  readonly baseKey: Uint8Array;
  readonly identityKey: Uint8Array;
  /** A whole SignalMessage. */
  readonly message: Uint8Array;
}

/** version || fields; has no MAC of its own. */
export function encodePrekeyMessage(message: PrekeyMessage): Uint8Array {
  const bytes = encodeFields(
    [
      [1, message.oneTimePrekeyId],
      [2, message.baseKey],
      [3, message.identityKey],
      [4, message.message],
      [5, message.registrationId],
      [6, message.signedPrekeyId],
      [7, message.kyberPrekeyId],
      [8, message.kyberCiphertext],
    ],
    1,
  );
  bytes[0] = VERSION;
  return bytes;
}

/** Fails with `decode/invalid`. */
export function decodePrekeyMessage(bytes: Uint8Array): PrekeyMessage {
  requireVersion(bytes);
  const fields = decodeFields(bytes, "a prekey message", 1, bytes.length);
  const oneTimePrekeyId = fields.uint(1);
  const baseKey = fields.bytes(2);
  const identityKey = fields.bytes(3);
  const message = fields.bytes(4);
  const signedPrekeyId = fields.uint(6);
  const kyberPrekeyId = fields.uint(7);
  const kyberCiphertext = fields.bytes(8);
  if (
    baseKey?.length !== PUBLIC_KEY_LENGTH ||
    identityKey?.length !== PUBLIC_KEY_LENGTH ||
    message === undefined ||
    signedPrekeyId === undefined ||
    kyberPrekeyId === undefined ||
    kyberCiphertext?.length !== KYBER_CIPHERTEXT
  ) {
    throw new ProtocolError("decode/invalid", "a prekey message lacks one of its parts");
  }
  const registrationId = fields.uint(5) ?? 0;
  return {
    registrationId,
    ...(oneTimePrekeyId === undefined ? {} : { oneTimePrekeyId }),
    signedPrekeyId,
    kyberPrekeyId,
    kyberCiphertext,
    baseKey,
    identityKey,
    message,
  };
}

/** Ratchet keys are not parsed as public keys (a point multiplication): whether they have a use shows when they are agreed with. */
function isPublicKeyShaped(bytes: Uint8Array): boolean {
  return bytes.length === PUBLIC_KEY_LENGTH && bytes[0] === TYPE_CURVE25519;
}

function requireVersion(bytes: Uint8Array): void {
  const version = bytes[0];
  if (version === undefined || version >> 4 !== SESSION_VERSION)
    throw new ProtocolError("decode/invalid", "a message of an unknown version");
}
