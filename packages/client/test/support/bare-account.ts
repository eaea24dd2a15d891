// An account without network: its state in a store of its own, and transactions by hand, for tests of single steps of the engine.

import {
  accountFromPhrase,
  type AccountKey,
  type Device,
  type DeviceList,
  newDevice,
  newPhrase,
  newPrekeys,
  NEVER,
  NO_PREVIOUS_LIST,
  type Primitives,
  type PublicKey,
  publishedPrekeys,
  signBundle,
  signDeviceEntry,
  signDeviceList,
} from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import type { ContactId, Storage } from "../../src/api.ts";
import { selfOf } from "../../src/new-account.ts";
import { State } from "../../src/engine/state.ts";
import { type Commit, type Transaction, Writer } from "../../src/engine/transaction.ts";
import { systemClock } from "../../src/clock.ts";
import { platformTransport } from "../../src/relay/transport.ts";
import type { ContactRecord } from "../../src/records/contact-record.ts";
import { memory } from "../../src/storage/memory.ts";
import { SealedStore } from "../../src/storage/sealed-store.ts";

export const p: Primitives = nodePrimitives();
export const NOW = 1_800_000_000_000;

/** Another account, by its keys: makes the lists that it would sign. */
export class Stranger {
  readonly account: AccountKey = accountFromPhrase(p, newPhrase(p));
  readonly devices: Device[] = [newDevice(p, 1)];

  get id(): ContactId {
    return this.account.id as ContactId;
  }

  /** A list of these devices (without them: of all). */
  list(version: number, devices: readonly Device[] = this.devices, issued = NOW): DeviceList {
    const entries = devices.map((device) => signDeviceEntry(p, device, this.account.publicKey, issued));
    return signDeviceList(p, this.account, { version, issued, entries, previous: NO_PREVIOUS_LIST });
  }

  /** The bundles of these devices, by device id. */
  bundles(devices: readonly Device[] = this.devices, issued = NOW): Record<string, Uint8Array> {
    return bundlesOf(this.account.publicKey, devices, issued);
  }

  /** This account as a contact. */
  contact(list: DeviceList = this.list(1), change: Partial<ContactRecord> = {}): ContactRecord {
    return {
      id: this.id,
      account: this.account.publicKey,
      name: "Stranger",
      alias: null,
      phase: "open",
      asked: true,
      invite: null,
      onlyDevice: null,
      verified: false,
      assessed: 0,
      alarmed: 0,
      forks: [],
      relays: ["http://relay.test"],
      relaysChosen: 1,
      list,
      bundles: {},
      oneTime: {},
      ourRequestKey: p.randomBytes(32),
      theirRequestKey: p.randomBytes(32),
      acknowledged: list.version,
      changed: { at: NOW, by: 1 },
      named: NEVER,
      keyed: NEVER,
      formerKeys: [],
      met: NOW,
      ...change,
    };
  }
}

/** Bundles of devices of an account, by device id. */
export function bundlesOf(account: PublicKey, devices: readonly Device[], issued: number): Record<string, Uint8Array> {
  const bundleOf = (device: Device): Uint8Array => {
    const { prekeys } = publishedPrekeys(p, device.keys, newPrekeys(p, issued));
    return signBundle(p, device, account, { issued, bits: 0, locator: new Uint8Array(8), prekeys }).bytes;
  };
  return Object.fromEntries(devices.map((device) => [device.id, bundleOf(device)]));
}

/** An account whose transactions are run by hand. */
export class BareAccount {
  readonly state: State;
  readonly commits: Commit[] = [];
  now = NOW;
  readonly writer: Writer;

  private constructor(state: State) {
    this.state = state;
    this.writer = new Writer(
      state,
      p,
      () => this.now,
      (commit) => this.commits.push(commit),
    );
  }

  static async open(storage: Storage = memory()): Promise<BareAccount> {
    const phrase = newPhrase(p);
    const account = accountFromPhrase(p, phrase);
    const device = newDevice(p, 1);
    const entries = [signDeviceEntry(p, device, account.publicKey, NOW)];
    const list = signDeviceList(p, account, { version: 1, issued: NOW, entries, previous: NO_PREVIOUS_LIST });
    const places = { list: async () => [], fresh: () => Promise.reject(new Error("unused")) };
    const argon2id = (): Promise<never> => Promise.reject(new Error("unused"));
    const platform = { primitives: p, argon2id, clock: systemClock, transport: platformTransport, deviceName: () => "Bare", places };
    const self = selfOf(platform, { relay: "http://relay.test" }, { name: "Bare", account: account.publicKey, phrase, device, list });
    const bare = new BareAccount(await State.begin(await SealedStore.create(storage, p), p, self));
    await bare.change((tx) => tx.changeSelf({}));
    return bare;
  }

  async change<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T> {
    return await this.writer.change(work);
  }

  /** What the last commit told. */
  get happenings(): Commit["happenings"] {
    return this.commits.at(-1)?.happenings ?? [];
  }
}
