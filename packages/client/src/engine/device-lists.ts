// Device lists that arrive: which one holds (spec §2), what follows for sessions, what people are told. Takes verified lists; changes the
// contact or this account, and opens and closes sessions to fit. Not a concern here: how a list travelled, signing lists (own-list.ts).

import {
  compareDeviceLists,
  type DeviceEntry,
  deviceInList,
  type DeviceList,
  deviceListChange,
  equalBytes,
  ProtocolError,
} from "@sotto/protocol";
import type { ContactId, DeviceId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { MAX_FORKS } from "../limits.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import { sendCard, syncContact } from "./notices.ts";
import { ownBundle } from "./own-prekeys.ts";
import { renewContactKey, takeOwnKey } from "./request-keys.ts";
import { sayToSuccessors, unacknowledgedBy } from "./resending.ts";
import { fitSessions } from "./sessions.ts";
import { alarmOf, trustIn } from "./trust.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Holds a contact's list against the one known and gives the contact as it is then. An old or impossible list changes nothing. An impossible one
 * is reported, an old one if the relay showed it: a device of theirs may not have heard of the newest yet, the relay has it.
 */
export async function acceptContactList(
  tx: Transaction,
  contact: ContactRecord,
  next: DeviceList,
  { fromRelay = false }: { readonly fromRelay?: boolean } = {},
): Promise<ContactRecord> {
  const order = orderOf(tx, contact.list, next);
  if (order === "older" && fromRelay) {
    const error = new MessengerError("identity/rolled-back", { known: contact.list.version, received: next.version });
    tx.happened({ type: "error", error });
  }
  if (order === undefined || order === "same" || order === "older") return contact;
  const forked = order !== "newer";
  const forks = forked ? forksWith(contact, order === "fork-keep" ? next : contact.list) : [];
  if (forks === undefined) return contact;
  const { added, removed, restored } = deviceListChange(contact.list, next);
  if (contact.phase === "open" && (forked || added.length + removed.length > 0))
    tx.happened({ type: "devices-changed", contact: contact.id, forked, restored });
  const alarmed = Math.max(contact.alarmed, alarmOf(next, { forks: forks.length, restored }));
  if (order === "fork-keep") return tx.changeContact(contact.id, { alarmed, forks });
  // An account that was restored may give an id that it had given away to another device: what is known of that one goes.
  const [bundles, oneTime] = [without(contact.bundles, removed), without(contact.oneTime, removed)];
  const changed = tx.changeContact(contact.id, { alarmed, forks, list: next, bundles, oneTime });
  const missed = unacknowledgedBy(tx, removed);
  await fitSessions(tx, contact.id, next);
  await sayToSuccessors(tx, missed, added, { ask: trustIn(changed) !== "unverified" });
  if (removed.length === 0 || contact.phase !== "open") return changed;
  // The removed device knew the key under which theirs introduce themselves: it is not to recognise those that come.
  const renewed = renewContactKey(tx, contact.id);
  sendCard(tx, renewed, { after: syncContact(tx, renewed, { bundles: [] }), brief: true });
  return tx.contacts.get(contact.id) as ContactRecord;
}

/**
 * Holds a list of this account against the one known; `requestKey` came with it. `listed`: this device is in it for the first time. A device
 * that is not in it any more stops for good.
 */
export async function acceptOwnList(tx: Transaction, next: DeviceList, requestKey?: Uint8Array): Promise<"kept" | "taken" | "listed"> {
  const known = tx.self.list;
  const order = orderOf(tx, known, next);
  if (order !== "newer" && order !== "fork-replace") return "kept";
  const highestDeviceId = Math.max(tx.self.highestDeviceId, ...next.entries.map(({ id }) => id));
  tx.changeSelf({ list: next, highestDeviceId });
  const { added, removed } = deviceListChange(known, next);
  const missed = unacknowledgedBy(tx, removed);
  await fitSessions(tx, tx.self.id as string as ContactId, next);
  await sayToSuccessors(tx, missed, added, { ask: false });
  const own = tx.device.keys.publicKey;
  for (const { id, key } of added) {
    if (!equalBytes(key, own)) tx.happened({ type: "device-added", device: String(id) as DeviceId });
  }
  const before = deviceInList(known, own) !== undefined;
  const after = deviceInList(next, own) !== undefined;
  if (before && !after) {
    tx.changeSelf({ removed: true });
    tx.happened({ type: "removed" });
  } else if (removed.length > 0) forgetRemoved(tx, removed);
  if (requestKey !== undefined && !equalBytes(requestKey, tx.self.requestKey)) takeOwnKey(tx, requestKey);
  return !before && after ? "listed" : "taken";
}

/** The lists of one version besides the one that is held, with one more; `undefined` if that was seen before, or too many were. */
function forksWith({ forks }: ContactRecord, { hash }: DeviceList): readonly Uint8Array[] | undefined {
  return forks.length >= MAX_FORKS || forks.some((seen) => equalBytes(seen, hash)) ? undefined : [...forks, hash];
}

/** Devices that this one took off the list and that it names again: who signed it did not know. */
export function cameBack({ self }: Transaction): readonly DeviceEntry[] {
  return self.list.entries.filter(({ key }) => self.tookOff.some((gone) => equalBytes(gone, key)));
}

/** Where this device reads is chosen anew: a removed one knew it. */
function forgetRemoved(tx: Transaction, removed: readonly DeviceEntry[]): void {
  const deviceNames = without(tx.self.deviceNames, removed);
  const deviceBundles = without(tx.self.deviceBundles, removed);
  tx.changeSelf({ deviceNames, deviceBundles, locator: tx.p.randomBytes(tx.self.locator.length), publishedAt: {} });
  ownBundle(tx, 0);
}

function without<T>(byId: Readonly<Record<string, T>>, devices: readonly DeviceEntry[]): Record<string, T> {
  return Object.fromEntries(Object.entries(byId).filter(([id]) => !devices.some((device) => String(device.id) === id)));
}

function orderOf(tx: Transaction, known: DeviceList, next: DeviceList): ReturnType<typeof compareDeviceLists> | undefined {
  try {
    return compareDeviceLists(known, next);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    tx.happened({ type: "error", error: new MessengerError("identity/invalid", { what: error.message }, { cause: error }) });
    return undefined;
  }
}
