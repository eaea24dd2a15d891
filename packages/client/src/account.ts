// Accounts on this machine: opened, listed. Takes the platform; gives functions of the public surface. Not a concern here: keeping a new
// account (new-account.ts), what an opened one does.

import { refuseAborted } from "./aborted.ts";
import type { AccountId, AccountSummary, ClientOptions, ListAccounts, OpenAccount, Storage } from "./api.ts";
import { SottoClient } from "./client.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { readLabel } from "./label.ts";
import type { Platform } from "./platform.ts";
import { relayList } from "./relay/relay-list.ts";
import { SealedStore } from "./storage/sealed-store.ts";

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

/** Opens the account of a store, after what `before` does; closes the store when that fails. */
export async function startClient(
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

/** The passphrase that an app gives. `storage/wrong-key` when it gives none. */
export async function passphrase({ unlock }: Partial<ClientOptions>): Promise<Uint8Array> {
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
