// The QR code (spec §6, P-1 to P-4): everything that the camera has to carry, as the alphanumeric text that QR codes hold best.
// version (1) || role of D (1) || psk (32) || X25519 key of D (32) || hash of D's ML-KEM key (16) || expiry BE4, s || relay URL.
// Takes fields, gives text, and back. Drawing and reading the picture is not a concern here.

import { base32 } from "@sotto/encoding";
import { Reader, ascii, be4, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_RELAY_LENGTH } from "../limits.ts";
import { relayProblem } from "../meeting/relay-address.ts";
import { Secret } from "../secret.ts";
import type { PairingRole } from "./events.ts";

/** What a QR code says. */
export interface PairingQr {
  /** What the device that displays it does. */
  readonly role: PairingRole;
  /** 32 bytes that only those who see the code know. */
  readonly psk: Secret;
  /** D's X25519 key, 32 bytes. */
  readonly exchangeKey: Uint8Array;
  /** The first 16 bytes of SHA-256 of D's ML-KEM-768 key. */
  readonly kemHash: Uint8Array;
  /** ms, whole seconds; D's clock decides. */
  readonly expires: number;
  readonly relay: string;
  /** The binary form, which both sides bind into their keys. */
  readonly bytes: Secret;
}

const VERSION = 1;
const roleBytes: Readonly<Record<PairingRole, number>> = { give: 1, receive: 2 };
const FIXED_LENGTH = 1 + 1 + 32 + 32 + 16 + 4;
const MAX_TEXT = Math.ceil(((FIXED_LENGTH + MAX_RELAY_LENGTH) * 8) / 5);

/** Lays out a code. `argument/invalid` for a relay address that cards would not carry either. */
export function makeQr(fields: Omit<PairingQr, "bytes">): PairingQr {
  const problem = relayProblem(fields.relay);
  if (problem !== undefined) throw new ProtocolError("argument/invalid", `the relay's address ${problem}`);
  const bytes = concat(
    Uint8Array.of(VERSION, roleBytes[fields.role]),
    fields.psk.expose(),
    fields.exchangeKey,
    fields.kemHash,
    be4(fields.expires / 1000),
    ascii(fields.relay),
  );
  return { ...fields, bytes: new Secret(bytes) };
}

/** The text of a code: upper-case base32 (RFC 4648) without padding, for the alphanumeric mode of QR codes. */
export function qrText(qr: PairingQr): string {
  return base32.encode(qr.bytes.expose());
}

/** Reads what a camera saw or a person pasted; line breaks, spaces and lower case do not matter. `pairing/qr-invalid`. */
export function readQr(text: string): PairingQr {
  const compact = text.replaceAll(/\s/g, "").replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
  if (compact.length > MAX_TEXT) throw invalid();
  try {
    return parse(base32.decode(compact));
  } catch {
    throw invalid();
  }
}

function parse(bytes: Uint8Array): PairingQr {
  const reader = new Reader(bytes, "a pairing code");
  const version = reader.byte();
  const roleByte = reader.byte();
  const role: PairingRole | undefined = roleByte === roleBytes.give ? "give" : roleByte === roleBytes.receive ? "receive" : undefined;
  const psk = new Secret(reader.take(32));
  const exchangeKey = reader.take(32);
  const kemHash = reader.take(16);
  const expires = reader.uint(4) * 1000;
  const relay = String.fromCharCode(...reader.rest());
  if (version !== VERSION || role === undefined || relayProblem(relay) !== undefined) throw invalid();
  return { role, psk, exchangeKey, kemHash, expires, relay, bytes: new Secret(bytes) };
}

function invalid(): ProtocolError {
  return new ProtocolError("pairing/qr-invalid", "this is not a Sotto pairing code");
}
