// Device lists that arrive: which one holds (spec §2), what follows for sessions, what people are told. Takes verified lists; changes the
// contact or this account, and opens and closes sessions to fit. Not a concern here: how a list travelled, signing lists (devices.ts).

import { compareDeviceLists, deviceInList, type DeviceList, deviceListChange, equalBytes, ProtocolError } from "@sotto/protocol";
import type { ContactId, DeviceId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import { fitSessions } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Holds a contact's list against the one known and gives the contact as it is then. An old or impossible list changes nothing and is reported. */
export async function acceptContactList(tx: Transaction, contact: ContactRecord, next: DeviceList): Promise<ContactRecord> {
  const order = orderOf(tx, contact.list, next);
  if (order === undefined || order === "same" || order === "older") return contact;
  const forked = order !== "newer";
  const { added, removed } = deviceListChange(contact.list, next);
  if (contact.phase === "open" && (forked || added.length + removed.length > 0))
    tx.happened({ type: "devices-changed", contact: contact.id, forked });
  if (order === "fork-keep") return contact;
  const changed = tx.changeContact(contact.id, { list: next });
  await fitSessions(tx, contact.id, next);
  return changed;
}

/** Holds a list of this account against the one known. `listed`: this device is in it for the first time. */
export async function acceptOwnList(tx: Transaction, next: DeviceList): Promise<"kept" | "taken" | "listed"> {
  const known = tx.self.list;
  const order = orderOf(tx, known, next);
  if (order !== "newer" && order !== "fork-replace") return "kept";
  const highestDeviceId = Math.max(tx.self.highestDeviceId, ...next.entries.map(({ id }) => id));
  tx.changeSelf({ list: next, highestDeviceId });
  await fitSessions(tx, tx.self.id as string as ContactId, next);
  const own = tx.state.device.keys.publicKey;
  for (const { id, key } of deviceListChange(known, next).added) {
    if (!equalBytes(key, own)) tx.happened({ type: "device-added", device: String(id) as DeviceId });
  }
  const before = deviceInList(known, own) !== undefined;
  const after = deviceInList(next, own) !== undefined;
  if (before && !after) {
    tx.changeSelf({ removed: true });
    tx.happened({ type: "removed" });
  }
  return !before && after ? "listed" : "taken";
}

function orderOf(tx: Transaction, known: DeviceList, next: DeviceList): ReturnType<typeof compareDeviceLists> | undefined {
  try {
    const order = compareDeviceLists(known, next);
    if (order === "older") {
      const error = new MessengerError("identity/rolled-back", { known: known.version, received: next.version });
      tx.happened({ type: "error", error });
    }
    return order;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    tx.happened({ type: "error", error: new MessengerError("identity/invalid", { what: error.message }, { cause: error }) });
    return undefined;
  }
}
