// A device: what actually holds keys and reads messages (spec §2). Takes randomness, gives a device and the entry by which it joins the
// device list: its own signature says that it belongs to this account under this id. The list itself is not a concern here.

import { type KeyPair, type PublicKey, generateKeyPair } from "../agreement/key-pair.ts";
import { Reader, ascii, concat } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_DEVICE_ID, MAX_REGISTRATION_ID } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { sign, verify } from "./xeddsa.ts";

const LABEL = ascii("Sotto Device v1");

/** A device of ours, with its private key. */
export interface Device {
  /** 1..127, never used again in this account. */
  readonly id: number;
  /** 14 bits, not zero: tells a re-installed device from the one before. */
  readonly registrationId: number;
  readonly keys: KeyPair;
}

/** A device as the device list names it. */
export interface DeviceEntry {
  readonly id: number;
  readonly key: PublicKey;
  /** When it was added, in ms, by the clock of who added it. */
  readonly added: number;
  /** The device's signature over account, id and key, 64 bytes. */
  readonly signature: Uint8Array;
}

/** A new device with fresh keys. `argument/invalid` unless `id` is 1..127. */
export function newDevice(p: Primitives, id: number): Device {
  requireDeviceId(id);
  const registrationId = new Reader(p.randomBytes(2), "the registration id").uint(2) & MAX_REGISTRATION_ID;
  return { id, registrationId: registrationId === 0 ? MAX_REGISTRATION_ID : registrationId, keys: generateKeyPair(p) };
}

/** The device joins an account: its entry for the list, signed by itself. `added` in ms. */
export function signDeviceEntry(p: Primitives, device: Pick<Device, "id" | "keys">, account: PublicKey, added: number): DeviceEntry {
  requireDeviceId(device.id);
  const key = device.keys.publicKey;
  return { id: device.id, key, added, signature: sign(p, device.keys, signedBytes(account, device.id, key)) };
}

/** Whether the device itself agreed to be this account's device with this id. */
export function verifyDeviceEntry(p: Primitives, entry: DeviceEntry, account: PublicKey): boolean {
  return verify(p, entry.key, signedBytes(account, entry.id, entry.key), entry.signature);
}

/** Whether a number is a device id. */
export function isDeviceId(id: number): boolean {
  return Number.isInteger(id) && id >= 1 && id <= MAX_DEVICE_ID;
}

function requireDeviceId(id: number): void {
  if (!isDeviceId(id)) throw new ProtocolError("argument/invalid", `a device id is 1..${MAX_DEVICE_ID}`);
}

function signedBytes(account: PublicKey, id: number, key: PublicKey): Uint8Array {
  return concat(LABEL, account, Uint8Array.of(id), key);
}
