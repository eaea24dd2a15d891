// Accounts with devices and lists for tests, and lists that an honest signer would not make.

import { type KeyPair, type PublicKey, generateKeyPair } from "../../src/agreement/key-pair.ts";
import { ascii, concat } from "../../src/bytes.ts";
import { type Device, type DeviceEntry, newDevice, signDeviceEntry } from "../../src/identity/device.ts";
import { type DeviceList, NO_PREVIOUS_LIST, signDeviceList } from "../../src/identity/device-list.ts";
import { sign } from "../../src/identity/xeddsa.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";

/** A new device and its entry in the account's list, added at 1,000 ms. */
export function deviceOf(p: Primitives, account: PublicKey, id: number): { device: Device; entry: DeviceEntry } {
  const device = newDevice(p, id);
  return { device, entry: signDeviceEntry(p, device, account, 1000) };
}

/** An account with devices 1 to `count` and its first list, issued at 2,000 ms. */
export function accountWithDevices(p: Primitives, count: number): { account: KeyPair; devices: Device[]; list: DeviceList } {
  const account = generateKeyPair(p);
  const members = Array.from({ length: count }, (_, i) => deviceOf(p, account.publicKey, i + 1));
  const content = { version: 1, issued: 2000, entries: members.map(({ entry }) => entry), previous: NO_PREVIOUS_LIST };
  return { account, devices: members.map(({ device }) => device), list: signDeviceList(p, account, content) };
}

/** The list after `change` was done to its encoding, signed again by the account: what only a verifier can refuse. */
export function resign(p: Primitives, account: KeyPair, list: DeviceList, change: (encoding: Uint8Array) => Uint8Array): Uint8Array {
  const encoding = change(list.bytes.slice(0, -64));
  return concat(encoding, sign(p, account, concat(ascii("Sotto DeviceList v1"), encoding)));
}
