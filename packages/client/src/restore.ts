// An account out of its 24 words, as a new device (spec §2), with contacts and history out of a backup. Takes the phrase; asks the relay's
// directory which devices there are. Not a concern here: keeping and opening the account (account.ts), reading backups (backup-import.ts).

import {
  accountFromPhrase,
  accountId,
  type AccountKey,
  backupKeyOf,
  type DeviceEntry,
  type DeviceList,
  MAX_DEVICES,
  newDevice,
  NO_PREVIOUS_LIST,
  ownRequestKey,
  type Phrase,
  phraseFromEntropy,
  type Primitives,
  RECOVERY_VERSION_STEP,
  signDeviceEntry,
  signDeviceList,
  verifyBundleSignature,
  verifyDeviceList,
} from "@sotto/protocol";
import { entropyOf } from "./recovery-words.ts";
import { makeAccount, selfOf } from "./new-account.ts";
import type { BackupSource, Cancellable, ContactId, RestoreAccount } from "./api.ts";
import { openBackup, type OpenedBackup, type Opening } from "./backup-import.ts";
import { introduceEverywhere } from "./engine/joining.ts";
import { shareAccountState } from "./engine/notices.ts";
import { fitSessions } from "./engine/sessions.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { checkName } from "./names.ts";
import type { Platform } from "./platform.ts";
import { allThatKnow } from "./relay/first-to-answer.ts";
import { RelayClient } from "./relay/relay-client.ts";
import { relayList } from "./relay/relay-list.ts";

/** Up to this one ids are for devices of restored accounts, so that those that are linked later find room above. */
const MAX_RESTORED_ID = 64;

/** `restoreAccount` on a platform. Fails with `relay/unreachable`, too: only the relay may know of the account's other devices. */
export function restoreAccountOn(platform: Platform): RestoreAccount {
  return async (text, { name = "", backup, onProgress, ...options }) => {
    checkName(name);
    const { primitives: p, clock } = platform;
    const phrase = phraseFromEntropy(p, entropyOf(p, text));
    const account = accountFromPhrase(p, phrase);
    const relays = relayList(options.relay);
    const transport = options.transport ?? platform.transport;
    const relayAt = (relay: string): RelayClient => new RelayClient({ relay, transport, clock });
    const progress = {
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
    };
    const records = await allThatKnow(relays, async (relay) => await publishedRecord(p, relayAt(relay), account, options));
    // A relay that hides the newest list would bring back devices that were removed: one that does not is enough.
    const newest = records.toSorted((a, b) => b.list.version - a.list.version)[0];
    const { list: known, bundles } = newest ?? { list: undefined, bundles: {} };
    // Looked into before anything is made: what these words do not open leaves no account behind.
    const devices = (known?.entries ?? []).map(({ key }) => key);
    const at = { devices, relays: relays.map(relayAt), now: clock.now(), ...progress };
    const opened = backup === undefined ? undefined : await lookInto(p, phrase, backup, at);
    const kept = keptEntries(known);
    const device = newDevice(p, known === undefined ? randomId(p) : freeId(kept));
    const now = clock.now();
    const list = signDeviceList(p, account, {
      version: (known?.version ?? 0) + RECOVERY_VERSION_STEP,
      issued: now,
      entries: [...kept, signDeviceEntry(p, device, account.publicKey, now)],
      previous: known?.hash ?? NO_PREVIOUS_LIST,
    });
    account.privateKey.wipe();
    const fresh = selfOf(platform, options, { name, phrase, account: account.publicKey, device, list });
    // Published, so that whoever restores next finds this list; it happens as soon as the board is read.
    const self = { ...fresh, recovery: "confirmed", published: true, deviceBundles: bundles } as const;
    const client = await makeAccount(platform, options, self, async (tx) => {
      await fitSessions(tx, tx.self.id as string as ContactId, list);
      introduceEverywhere(tx, ownRequestKey(p, phrase.entropy.expose()).expose());
      shareAccountState(tx);
    });
    try {
      if (opened !== undefined) await client.backups.take(opened, progress);
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  };
}

async function lookInto(
  p: Primitives,
  phrase: Phrase,
  backup: BackupSource,
  at: Omit<Opening, "primitives" | "key">,
): Promise<OpenedBackup> {
  try {
    return await openBackup(backup, { primitives: p, key: backupKeyOf(p, phrase.entropy.expose()), ...at });
  } catch (error) {
    throw asMessengerError(error);
  }
}

/** What the directory holds of the account: its list, and by device id the bundles to begin sessions with. */
async function publishedRecord(
  p: Primitives,
  relay: RelayClient,
  account: AccountKey,
  { signal }: Cancellable,
): Promise<{ list: DeviceList; bundles: Record<string, Uint8Array> } | undefined> {
  const record = await relay.getRecord(account.publicKey, { peek: true, ...(signal === undefined ? {} : { signal }) });
  const bundles: Record<string, Uint8Array> = {};
  if (record === undefined) return undefined;
  try {
    const list = verifyDeviceList(p, record.list);
    if (accountId(list.account) === account.id) {
      for (const { bytes } of record.bundles) {
        const bundle = verifyBundleSignature(p, bytes, list);
        bundles[String(bundle.deviceId)] = bundle.bytes;
      }
      return { list, bundles };
    }
  } catch (error) {
    throw asMessengerError(error);
  }
  throw new MessengerError("relay/misbehaving", { what: "it gave another account's devices" });
}

/** The account's other devices stay in it; when there is no room, the one that was added first leaves. */
function keptEntries(known: DeviceList | undefined): readonly DeviceEntry[] {
  return (known?.entries ?? []).toSorted((a, b) => b.added - a.added).slice(0, MAX_DEVICES - 1);
}

/**
 * The id above all of the list; where those end, the lowest that is free. A device that came and went may have had it: of an account that was
 * restored everybody takes that (I-16), so that restoring uses no ids up.
 */
function freeId(entries: readonly DeviceEntry[]): number {
  const above = Math.max(...entries.map(({ id }) => id)) + 1;
  if (above <= MAX_RESTORED_ID) return above;
  let id = 1;
  while (entries.some((entry) => entry.id === id)) id++;
  return id;
}

/** Two that restore at once without knowing of each other sign a fork, but give no id twice. */
function randomId(p: Primitives): number {
  const [random] = p.randomBytes(1) as unknown as [number];
  return 1 + (random % MAX_RESTORED_ID);
}
