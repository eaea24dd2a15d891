// The keys of one run (spec §6, P-17 to P-19): X25519, ML-KEM-768 and the QR code's secret together, bound to everything that was said.
// Takes what both sides know after M3, gives message keys and the two six-digit codes. Who may know the inputs is messages.ts's concern.

import { ascii, be2, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import type { CellAddress } from "../stream/cell.ts";
import { type CellName, cellNumbers } from "./cells.ts";
import type { PairingCode } from "./events.ts";

/** What a run agreed on. */
export interface PairingKeys {
  /** T: the hash of everything that was said, 32 bytes. What the new device signs. */
  readonly transcript: Uint8Array;
  readonly prk: Secret;
  /** The codes as ASCII digits. */
  readonly codes: Readonly<Record<PairingCode, Secret>>;
}

/** What the keys are made of. */
export interface KeyMaterial {
  readonly qr: Uint8Array;
  readonly psk: Secret;
  readonly m1: Uint8Array;
  readonly m2: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** The X25519 result, 32 bytes. */
  readonly exchanged: Uint8Array;
  /** The ML-KEM shared secret, 32 bytes. */
  readonly encapsulated: Uint8Array;
}

const TRANSCRIPT = ascii("Sotto Pair v1 T");
const KEY = ascii("Sotto Pair v1 key");
const CODE = ascii("Sotto Pair v1 code");
const NONCE = new Uint8Array(12);
const CODE_SPACE = 1_000_000;

/** T and the pseudorandom key under it: what opens the committed values, before the codes are known. */
export function agreeOnKeys(p: Primitives, material: KeyMaterial): Omit<PairingKeys, "codes"> {
  if (material.exchanged.every((byte) => byte === 0)) throw new ProtocolError("agreement/invalid-key", "the exchanged secret is zero");
  const said = [material.qr, material.m1, material.m2, material.ciphertext].flatMap((part) => [be2(part.length), part]);
  const transcript = p.sha256(concat(TRANSCRIPT, ...said));
  const ikm = concat(material.exchanged, material.encapsulated, material.psk.expose());
  const prk = new Secret(p.hkdfExtract(transcript, ikm));
  ikm.fill(0);
  material.exchanged.fill(0);
  material.encapsulated.fill(0);
  return { transcript, prk };
}

/** The two codes: `HMAC(HKDF-Expand(PRK, "Sotto Pair v1 code", 32), "1" or "2" || nC || nD || T) mod 10^6`, each six digits. */
export function pairingCodes(
  p: Primitives,
  keys: Omit<PairingKeys, "codes">,
  scanNonce: Uint8Array,
  displayNonce: Uint8Array,
): Readonly<Record<PairingCode, Secret>> {
  const key = p.hkdfExpand(keys.prk.expose(), CODE, 32);
  const code = (label: string): Secret => digits(p.hmac(key, concat(ascii(label), scanNonce, displayNonce, keys.transcript)));
  return { compare: code("1"), reply: code("2") };
}

/** AEAD_k: ChaCha20-Poly1305 under a key of its own for each message, bound to the message's tag. */
export function sealMessage(
  p: Primitives,
  keys: Pick<PairingKeys, "prk">,
  name: CellName,
  at: CellAddress,
  plaintext: Uint8Array,
): Uint8Array {
  return p.chacha20poly1305.seal(messageKey(p, keys, name), NONCE, plaintext, at.tag);
}

/** Opens AEAD_k; `undefined` unless the other side of this very run sealed it as this message. */
export function openMessage(
  p: Primitives,
  keys: Pick<PairingKeys, "prk">,
  name: CellName,
  at: CellAddress,
  sealed: Uint8Array,
): Uint8Array | undefined {
  return p.chacha20poly1305.open(messageKey(p, keys, name), NONCE, sealed, at.tag);
}

function messageKey(p: Primitives, keys: Pick<PairingKeys, "prk">, name: CellName): Uint8Array {
  return p.hkdfExpand(keys.prk.expose(), concat(KEY, Uint8Array.of(cellNumbers[name])), 32);
}

/** 32 bytes as a big-endian number modulo 10^6, in six ASCII digits. */
function digits(bytes: Uint8Array): Secret {
  let rest = 0;
  for (const byte of bytes) rest = (rest * 256 + byte) % CODE_SPACE;
  return new Secret(ascii(String(rest).padStart(6, "0")));
}
