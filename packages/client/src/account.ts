// Accounts on this machine: kept, opened, listed. Takes the platform; gives functions of the public surface. Not a concern here: where a
// new account comes from (create.ts, restore.ts, account-taker.ts), what an opened one does.

import { accountId, type Device, type DeviceList, NEVER, type Phrase, type PublicKey } from "@sotto/protocol";
import { refuseAborted } from "./aborted.ts";
import type { AccountId, AccountSummary, ClientOptions, ListAccounts, OpenAccount, Storage } from "./api.ts";
import { SottoClient } from "./client.ts";
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

/** `openAccount` on a platform. */
export function openAccountOn(platform: Platform): OpenAccount {
  return async ({ id, ...options } = {}) => {
    refuseAborted(options.signal);
    if (options.relay !== undefined) relayList(options.relay);
    const storage = options.storage ?? (await findStorage(platform, id));
    const seal = { passphrase: async () => await passphrase(options), argon2id: platform.argon2id };
    // Where several can have it open at once, who comes first writes (sharing/shared-engine.ts).
    const store = await (storage.join === undefined
      ? SealedStore.open(storage, platform.primitives, seal)
      : SealedStore.join(storage, platform.primitives, seal));
    return await startClient(platform, options, store);
  };
}

/** `listAccounts` on a platform. */
export function listAccountsOn(platform: Platform): ListAccounts {
  return async (storage) => {
    if (storage !== undefined) return await summaries([storage]);
    const places = await platform.places.list();
    const found = await summaries(places.map((place) => place.storage));
    await Promise.all(places.map((place) => place.storage.close()));
    return found;
  };
}

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
    backupLock: null,
    history: { done: 0, total: 0, left: null },
    removed: false,
  };
}

async function startClient(
  platform: Platform,
  options: Partial<ClientOptions>,
  store: SealedStore,
  before: () => Promise<void> = async () => undefined,
): Promise<SottoClient> {
  try {
    await before();
    return await SottoClient.start(store, { platform, options, deviceName: options.deviceName ?? platform.deviceName() });
  } catch (error) {
    await store.close();
    throw asMessengerError(error);
  }
}

async function passphrase({ unlock }: Partial<ClientOptions>): Promise<Uint8Array> {
  if (unlock === undefined) throw new MessengerError("storage/wrong-key", { reason: "passphrase-needed" });
  return typeof unlock === "function" ? await unlock("open") : unlock;
}

/** The storage of an account, or of the only one there is. */
async function findStorage(platform: Platform, id: AccountId | undefined): Promise<Storage> {
  const places = await platform.places.list();
  let found: Storage | undefined;
  for (const { storage } of places) {
    const [account] = await summaries([storage]);
    if (found === undefined && account !== undefined && (id === undefined || account.id === id)) found = storage;
    else await storage.close();
  }
  if (found === undefined) throw new MessengerError("account/not-found", {});
  return found;
}

async function summaries(storages: readonly Storage[]): Promise<AccountSummary[]> {
  const found: AccountSummary[] = [];
  for (const storage of storages) {
    const label = (await SealedStore.peek(storage))?.label;
    if (label !== undefined) found.push(readLabel(label));
  }
  return found;
}
