// A new account on this machine: kept in an empty storage and opened. Loaded when one is made, restored or linked. Takes what is new about it;
// gives its client. Not a concern here: where it comes from (create.ts, restore.ts, account-taker.ts), opening it again (account.ts).

import { accountId, type Device, type DeviceList, NEVER, type Phrase, type PublicKey } from "@sotto/protocol";
import { passphrase, startClient } from "./account.ts";
import type { AccountId, ClientOptions, Storage } from "./api.ts";
import type { SottoClient } from "./client.ts";
import { restoreRootOf } from "./engine/restore-lane.ts";
import { State } from "./engine/state.ts";
import { Transaction } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { labelOf, readLabel } from "./label.ts";
import type { Platform, StoragePlace } from "./platform.ts";
import type { SelfRecord } from "./records/self-record.ts";
import { relayList } from "./relay/relay-list.ts";
import { SealedStore } from "./storage/sealed-store.ts";
import { eraseStore } from "./storage/store-key.ts";

/** Keeps a new account in an empty storage, with what `prepare` adds to it, and opens it; leaves nothing behind when that fails. */
export async function makeAccount(
  platform: Platform,
  options: ClientOptions,
  self: SelfRecord,
  prepare: (tx: Transaction) => void | Promise<void> = () => undefined,
): Promise<SottoClient> {
  const place: StoragePlace =
    options.storage === undefined ? await platform.places.fresh() : { storage: options.storage, discard: async () => undefined };
  try {
    const given = options.unlock === undefined ? undefined : await passphrase(options);
    const seal = given === undefined ? undefined : { passphrase: async () => given, argon2id: platform.argon2id };
    await clearUnfinished(place.storage);
    const store = await SealedStore.create(place.storage, platform.primitives, seal);
    return await startClient(platform, options, store, async () => {
      const { primitives: p, clock } = platform;
      const tx = new Transaction(await State.begin(store, p, self), p, clock.now());
      tx.changeSelf({});
      await prepare(tx);
      await tx.commit();
      await store.writeLabel(labelOf(self));
    });
  } catch (error) {
    await place.discard().catch(() => undefined);
    throw asMessengerError(error);
  }
}

/** The label is written last: a store without one is what a crash left of an account that nobody has seen. */
async function clearUnfinished(storage: Storage): Promise<void> {
  const found = await SealedStore.peek(storage);
  if (found === undefined) return;
  if (found.label !== undefined) throw new MessengerError("account/exists", { id: readLabel(found.label).id });
  const unlock = await storage.lock();
  try {
    await eraseStore(storage);
  } finally {
    await unlock();
  }
}

/** What is new about a device that an account begins or goes on with. */
export interface NewSelf {
  readonly name: string;
  readonly account: PublicKey;
  /** `null` on a linked device. */
  readonly phrase: Phrase | null;
  readonly device: Device;
  readonly list: DeviceList;
}

/** The record of an account with a new device. */
export function selfOf(platform: Platform, options: ClientOptions, { name, account, phrase, device, list }: NewSelf): SelfRecord {
  const { primitives: p, clock } = platform;
  return {
    format: 1,
    id: accountId(account) as AccountId,
    account,
    name,
    named: name === "" ? NEVER : { at: clock.now(), by: device.id },
    relays: relayList(options.relay).map((address) => ({ address, begin: null, until: null })),
    relaysChosen: Math.floor(clock.now() / 1000),
    phrase: phrase === null ? null : phrase.entropy.expose().slice(),
    recovery: "unseen",
    device: { id: device.id, registrationId: device.registrationId, privateKey: device.keys.privateKey.expose().slice() },
    deviceNames: { [device.id]: { name: options.deviceName ?? platform.deviceName(), ...NEVER } },
    list,
    highestDeviceId: Math.max(device.id, ...list.entries.map(({ id }) => id)),
    requestKey: p.randomBytes(32),
    formerKeys: [],
    restoreRoot: phrase === null ? p.randomBytes(32) : restoreRootOf(p, phrase.entropy.expose(), account, device.keys.publicKey),
    locator: p.randomBytes(8),
    published: false,
    handle: null,
    publishedAt: {},
    pendingLink: null,
    deviceBundles: {},
    tookOff: [],
    backupLock: null,
    history: { done: 0, total: 0, left: null },
    removed: false,
  };
}
