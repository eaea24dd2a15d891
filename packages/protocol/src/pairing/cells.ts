// Where the messages of a pairing are pinned (spec §6, P-5 to P-7): everything follows from the 32 bytes that only the QR code carries.
// Takes that key, gives the shard's locator and the address of each cell. What the cells say is messages.ts.

import { ascii, concat } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { Secret } from "../secret.ts";
import { ADDRESS_LENGTH, type CellAddress, splitAddress } from "../stream/cell.ts";
import type { PairingRole, PairingSide } from "./events.ts";

/** The number k of each message. Each side has a cell of its own to stop the run in, so that neither can take the other's. */
export const cellNumbers = { M1: 1, M2: 2, M3: 3, M4: 4, M5: 5, "M3'": 6, "stop C": 7, "stop D": 8 } as const;

export type CellName = keyof typeof cellNumbers;

const SHARD = ascii("Sotto Pair v1 shard");
const CELL = ascii("Sotto Pair v1 cell");

/** 8 bytes: the run's cells are on the shard of its first bits. */
export function pairingLocator(p: Primitives, psk: Secret): Uint8Array {
  return p.hkdf(undefined, psk.expose(), SHARD, 8);
}

/** The addresses of all cells of a run. */
export function pairingAddresses(p: Primitives, psk: Secret): Readonly<Record<CellName, CellAddress>> {
  const address = (name: CellName): CellAddress =>
    splitAddress(p.hkdf(undefined, psk.expose(), concat(CELL, Uint8Array.of(cellNumbers[name])), ADDRESS_LENGTH));
  return {
    M1: address("M1"),
    M2: address("M2"),
    M3: address("M3"),
    M4: address("M4"),
    M5: address("M5"),
    "M3'": address("M3'"),
    "stop C": address("stop C"),
    "stop D": address("stop D"),
  };
}

/** The cells that the other side writes: all that one side ever reads. */
export function cellsToRead(side: PairingSide, role: PairingRole): readonly CellName[] {
  const secret: CellName = role === "give" ? "M5" : "M4";
  if (side === "display") return ["M1", "M3", secret, "stop C"];
  return role === "give" ? ["M2", "M3'", secret, "stop D"] : ["M2", secret, "stop D"];
}
