// People for tests: an account with devices, list, bundles and card, all from one seed, at a fixed time.

import { type KeyPair, keyPairFromPrivate } from "../../src/agreement/key-pair.ts";
import { type Device, newDevice, signDeviceEntry } from "../../src/identity/device.ts";
import { type DeviceList, NO_PREVIOUS_LIST, signDeviceList } from "../../src/identity/device-list.ts";
import { signBundle } from "../../src/meeting/bundle.ts";
import type { Card } from "../../src/meeting/card.ts";
import { type OwnPrekeys, newPrekeys, publishedPrekeys } from "../../src/meeting/prekeys.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";
import { Secret } from "../../src/secret.ts";

/** The time of all tests: 2027-01-15, in ms. */
export const NOW = 1_800_000_000_000;

export const DAY = 24 * 60 * 60 * 1000;

export interface Person {
  readonly account: KeyPair;
  readonly devices: readonly Device[];
  /** Of each device, in the order of `devices`. */
  readonly prekeys: readonly OwnPrekeys[];
  readonly list: DeviceList;
  readonly card: Card;
}

/** A person with `count` devices, ids from 1. */
export function person(p: Primitives, { name = "Alice", count = 1, issued = NOW } = {}): Person {
  const account = keyPairFromPrivate(p, p.randomBytes(32));
  const devices = Array.from({ length: count }, (_, i) => newDevice(p, i + 1));
  const entries = devices.map((device) => signDeviceEntry(p, device, account.publicKey, issued));
  const list = signDeviceList(p, account, { version: 1, issued, entries, previous: NO_PREVIOUS_LIST });
  const locator = p.randomBytes(8);
  const prekeys = devices.map(() => newPrekeys(p, issued));
  const bundles = devices.map((device, i) => {
    const published = publishedPrekeys(p, device.keys, prekeys[i] as OwnPrekeys);
    return signBundle(p, device, account.publicKey, { issued, bits: 0, locator, prekeys: published.prekeys });
  });
  const requestKey = new Secret(p.randomBytes(32));
  return {
    account,
    devices,
    prekeys,
    list,
    card: { list, bundles, relays: ["https://relay.example"], chosen: NOW / 1000, requestKey, name },
  };
}

/** The first device of a person, of whom there is always one. */
export function firstDevice(one: Person): Device {
  return one.devices[0] as Device;
}
