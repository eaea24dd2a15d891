// What both kinds of parties share: an account with one device, its table of tags, and first contacts at public addresses.

import {
  type Cell,
  type CellAddress,
  type Device,
  type DeviceEntry,
  type DeviceList,
  type Primitives,
  type PublicKey,
  newAddressCell,
  openFirstContact,
  sealFirstContact,
} from "@sotto/protocol";
import { accountWithDevices } from "@sotto/protocol/testing";
import type { Published } from "./party.ts";

const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** The part that does not depend on the session. */
export abstract class OneDevice {
  primitives: Primitives;
  protected readonly device: Device;
  protected readonly account: PublicKey;
  protected readonly list: DeviceList;
  protected readonly entry: DeviceEntry;
  #tags = new Set<string>();

  constructor(p: Primitives) {
    const { account, devices, list } = accountWithDevices(p, 1);
    this.primitives = p;
    this.account = account.publicKey;
    this.list = list;
    this.device = devices[0] as Device;
    this.entry = list.entries[0] as DeviceEntry;
  }

  waitsFor(tag: Uint8Array): boolean {
    return this.#tags.has(key(tag));
  }

  protected watch(tags: readonly Uint8Array[]): void {
    this.#tags = new Set(tags.map(key));
  }

  protected introduce(to: Published, hello: Uint8Array, now: number): Cell {
    const p = this.primitives;
    const address = newAddressCell(p, to.account, now);
    const recipient = { account: to.account, device: to.entry };
    const body = sealFirstContact(p, { address, to: recipient, from: { list: this.list, deviceId: this.device.id }, hello });
    return { tag: address.tag, body };
  }

  protected helloIn(address: CellAddress, body: Uint8Array): Uint8Array {
    return openFirstContact(this.primitives, { address, body, device: this.device, account: this.account }).hello;
  }
}
