// Cells: what is pinned on a board (spec §4). 4,096 bytes under a 16-byte tag; whoever has the address key opens them, for everybody else
// they are noise of one size. Takes an address and a payload, gives a body, and back. Which address is next is the chain's concern, what a
// payload says is that of whoever sealed it.

import { Reader, ascii, be2, be4, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { CELL_BODY_LENGTH, MAX_PAYLOAD, TAG_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";

export { MAX_PAYLOAD } from "../limits.ts";

/** Where a cell is pinned and what opens it. */
export interface CellAddress {
  /** 16 bytes, random to all who do not know the chain; what the relay sees. */
  readonly tag: Uint8Array;
  /** 32 bytes; never leaves the two ends. */
  readonly cellKey: Secret;
}

/** A sealed cell as the relay gets it: 16 bytes of tag and 4,096 of body. */
export interface Cell {
  readonly tag: Uint8Array;
  readonly body: Uint8Array;
}

/** What a payload is, one byte inside the body (spec §4). */
export const cellKinds = { dummy: 0, signal: 1, preKeySignal: 2, sealed: 3, pairing: 4, group: 5, static: 6 } as const;

/** One of `cellKinds`, by name. */
export type CellKind = keyof typeof cellKinds;

/** Bytes of key material that make an address: tag (16) || cellKey (32). */
export const ADDRESS_LENGTH = 48;

const SALT_LENGTH = 16;
const AEAD_TAG_LENGTH = 16;
const HEADER_LENGTH = 3;
const PLAINTEXT_LENGTH = CELL_BODY_LENGTH - SALT_LENGTH - AEAD_TAG_LENGTH;
const NONCE = new Uint8Array(12);
const CELL = ascii("Sotto Cell v1");
const BODY = ascii("Sotto Body v1");

const kindNames = new Map<number, CellKind>(Object.entries(cellKinds).map(([name, kind]) => [kind, name as CellKind]));

/** The address of cell `index` of the stream with root `T`: `HKDF(no salt, T, "Sotto Cell v1" || BE4(index), 48)`. */
export function cellAddress(p: Primitives, T: Secret, index: number): CellAddress {
  return splitAddress(p.hkdf(undefined, T.expose(), concat(CELL, be4(index)), ADDRESS_LENGTH));
}

/** The addresses of `count` cells from index `from` on: as `cellAddress` gives them, for a third less work each. */
export function cellAddresses(p: Primitives, T: Secret, from: number, count: number): CellAddress[] {
  const prk = p.hkdfExtract(undefined, T.expose());
  const addresses = Array.from({ length: count }, (_, i) => splitAddress(p.hkdfExpand(prk, concat(CELL, be4(from + i)), ADDRESS_LENGTH)));
  prk.fill(0);
  return addresses;
}

/** The address that 48 bytes of key material make: `tag(16) || cellKey(32)`. */
export function splitAddress(material: Uint8Array): CellAddress {
  const reader = new Reader(material, "a cell address");
  const address = { tag: reader.take(TAG_LENGTH), cellKey: new Secret(reader.take(32)) };
  reader.end();
  return address;
}

/**
 * Seals a payload of at most 4,061 bytes as the 4,096-byte body for an address. `message/too-large`. A retry sends the same bytes: never seal
 * twice for one address.
 */
export function sealCell(p: Primitives, address: CellAddress, kind: CellKind, payload: Uint8Array): Uint8Array {
  if (payload.length > MAX_PAYLOAD) {
    throw new ProtocolError("message/too-large", `a cell holds ${MAX_PAYLOAD} bytes`, { limit: MAX_PAYLOAD, size: payload.length });
  }
  const plaintext = new Uint8Array(PLAINTEXT_LENGTH);
  plaintext[0] = cellKinds[kind];
  plaintext.set(be2(payload.length), 1);
  plaintext.set(payload, HEADER_LENGTH);
  const salt = p.randomBytes(SALT_LENGTH);
  const sealed = p.chacha20poly1305.seal(bodyKey(p, address, salt), NONCE, plaintext, address.tag);
  plaintext.fill(0);
  return concat(salt, sealed);
}

/** Opens a body that was found under an address. `cell/invalid` unless every byte is what was sealed: such a cell counts as absent. */
export function openCell(p: Primitives, address: CellAddress, body: Uint8Array): { kind: CellKind; payload: Uint8Array } {
  if (body.length !== CELL_BODY_LENGTH) throw new ProtocolError("cell/invalid", `a cell has ${CELL_BODY_LENGTH} bytes`);
  const key = bodyKey(p, address, body.subarray(0, SALT_LENGTH));
  const plaintext = p.chacha20poly1305.open(key, NONCE, body.subarray(SALT_LENGTH), address.tag);
  if (plaintext === undefined) throw new ProtocolError("cell/invalid", "the cell was changed, or is not for this address");
  const kind = kindNames.get(plaintext[0] as number);
  const end = HEADER_LENGTH + (plaintext[1] as number) * 256 + (plaintext[2] as number);
  if (kind === undefined || end > PLAINTEXT_LENGTH || !isZero(plaintext.subarray(end))) {
    throw new ProtocolError("cell/invalid", "the cell is not laid out as this version lays it out");
  }
  return { kind, payload: plaintext.slice(HEADER_LENGTH, end) };
}

/** The salt makes the key one of its own, so that the constant nonce is never used twice with it, even if an address is. */
function bodyKey(p: Primitives, address: CellAddress, salt: Uint8Array): Uint8Array {
  return p.hkdf(salt, address.cellKey.expose(), BODY, 32);
}

function isZero(bytes: Uint8Array): boolean {
  let any = 0;
  for (let i = 0; i < bytes.length; i++) any |= bytes[i] as number;
  return any === 0;
}
