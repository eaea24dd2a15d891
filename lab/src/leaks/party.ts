// What a simulation needs of a device that takes part in a conversation, whatever session it runs on: it writes cells, waits for tags, reads,
// and holds what a thief of its store finds.

import type { Bundle, Cell, CellAddress, Device, DeviceEntry, DeviceList, OneTimePrekey, Primitives, PublicKey } from "@sotto/protocol";

/** What anybody may know of a device: the directory has it. */
export interface Published {
  readonly account: PublicKey;
  readonly list: DeviceList;
  readonly entry: DeviceEntry;
  readonly bundles: readonly Bundle[];
  /** Newest last. */
  readonly oneTime: readonly OneTimePrekey[];
}

/** What is stored on a device, as the bytes that a thief finds there. */
export interface Loot {
  readonly device: Device;
  readonly session: Uint8Array;
  /** Absent where no prekeys are used. */
  readonly prekeys: Uint8Array | undefined;
}

/** What a party does for the simulation, whatever its session. */
export interface Party {
  readonly published: Published;
  /** All chance and computation goes through these; they can be exchanged for worse ones. */
  primitives: Primitives;
  /** A first contact: a message that needs no session, at the other side's public address. */
  begin(to: Published, oneTime: boolean, plaintext: Uint8Array, now: number): Cell;
  /** `undefined` while there is no session to write with. */
  write(plaintext: Uint8Array, now: number): Cell | undefined;
  /** Opens a first contact. */
  meet(from: Published, address: CellAddress, body: Uint8Array): Uint8Array;
  waitsFor(tag: Uint8Array): boolean;
  read(tag: Uint8Array, body: Uint8Array): Uint8Array;
  /** What is due after a time: prekeys renewed and erased. */
  upkeep(now: number): void;
  loot(): Loot;
}
