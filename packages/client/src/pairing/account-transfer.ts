// What pairing needs of the engine: how an account becomes bytes on the device that has it, and an account again on the new one. Pairing
// carries the bytes and knows nothing of their meaning; the engine never sees a pairing cell.

import type { KeyPair, PublicKey } from "@sotto/protocol";
import type { Client, Device, LinkMode } from "../api.ts";

/** The device that asks to join: it has proved that it holds the key. */
export interface NewDevice {
  readonly name: string;
  readonly key: PublicKey;
  readonly registrationId: number;
}

/** The device's keys, made by the joining side before the account is known. */
export interface JoiningDevice {
  readonly name: string;
  readonly keys: KeyPair;
  readonly registrationId: number;
}

/** The side that has the account. */
export interface AccountGiver {
  /** Of these, in order of preference, a code names one; and what this device is called. */
  readonly relays: readonly string[];
  readonly deviceName: string;
  /**
   * The account for a new device, at most 3,000 bytes. What is needed to go on after a restart is stored before it resolves: the new device
   * may come back to a giver that has forgotten the pairing. `transfer` asks `unlock("reveal")` first. `device/limit`, `device/not-root`.
   */
  exportAccountFor(device: NewDevice, mode: LinkMode): Promise<Uint8Array>;
  /** The new device has the account, stored: resolves when it is in the device list. */
  finishLink(device: NewDevice): Promise<Device>;
}

/** The side that becomes a device: makes a client of what arrived, durably, before it resolves. The acknowledgement is sent then. */
export type AdoptAccount = (payload: Uint8Array, device: JoiningDevice) => Promise<Client>;
