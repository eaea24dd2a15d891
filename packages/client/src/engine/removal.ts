// Removing a device of this account (spec §8, "lost device"): the next list is signed without it, everybody is told, and whatever it knew by
// which it could recognise what comes is renewed. Takes the device's id, and the words' entropy where this device does not keep it.
// Errors of `wordsFor`, `argument/invalid`. Not a concern here: what a removed device does when it learns of it (device-lists.ts).

import { accountFromEntropy, encodeContents, equalBytes, MAX_DEVICES } from "@sotto/protocol";
import type { ContactId, DeviceId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { type SessionRecord, sessionName } from "../records/session-record.ts";
import { cameBack } from "./device-lists.ts";
import { announceList } from "./joining.ts";
import { isListed, newContent, requireListed, sendCard, syncContact } from "./notices.ts";
import { enqueue } from "./outbound.ts";
import { signNextList } from "./own-list.ts";
import { insistOnRelays, tellRelays } from "./relay-moves.ts";
import { renewContactKey, takeOwnKey } from "./request-keys.ts";
import type { Transaction } from "./transaction.ts";

/** Takes a device off the list. `entropy`: of the words that a person typed; `null` where this device has them. */
export async function removeDevice(tx: Transaction, id: DeviceId, entropy: Uint8Array | null): Promise<void> {
  const words = wordsFor(tx, entropy);
  const { list } = tx.self;
  const removed = list.entries.find((entry) => String(entry.id) === (id as string));
  if (removed === undefined) throw new MessengerError("argument/invalid", { reason: "this account has no such device" });
  if (removed.id === tx.device.id) {
    throw new MessengerError("argument/invalid", { reason: "a device does not remove itself: `erase` it, and remove it from another one" });
  }
  const session = tx.sessions.get(sessionName(removed.key));
  tx.changeSelf({ tookOff: [...tx.self.tookOff, removed.key].slice(-MAX_DEVICES) });
  takeOwnKey(tx, tx.p.randomBytes(32));
  const left = list.entries.filter((entry) => entry !== removed);
  await signNextList(tx, words, left);
  if (session !== undefined) sayFarewell(tx, session);
  announceList(tx);
  insistOnRelays(tx);
  tellRelays(tx);
  renewContactKeys(tx);
}

/**
 * Removes again what this device had removed and a list that was just taken names: another device signed it without knowing, and of a fork one list
 * holds. Only where the words are; elsewhere the person sees the device come back (`device-added`), and removes it with the words once more.
 */
export async function removeAgain(tx: Transaction): Promise<void> {
  if (tx.self.phrase === null || !isListed(tx)) return;
  for (const { id } of cameBack(tx)) await removeDevice(tx, String(id) as DeviceId, null);
}

/**
 * The words' entropy to sign a list with: this device's, or what a person typed. Errors of `requireListed`, `device/not-root`,
 * `phrase/other-account`.
 */
export function wordsFor(tx: Transaction, entropy: Uint8Array | null): Uint8Array {
  requireListed(tx);
  const words = entropy ?? tx.self.phrase;
  if (words === null) throw new MessengerError("device/not-root", {});
  if (entropy !== null && !isOfThisAccount(tx, entropy)) throw new MessengerError("phrase/other-account", {});
  return words;
}

/** What a removed device knew of how contacts reach this account; its own devices are told first, so that none of them misses a newcomer. */
function renewContactKeys(tx: Transaction): void {
  for (const { id, phase } of [...tx.contacts.values()]) {
    if (phase !== "open") continue;
    const contact = renewContactKey(tx, id);
    sendCard(tx, contact, { after: syncContact(tx, contact) });
  }
}

/** The last thing that a removed device hears: the list in which it is not any more. It may be in honest hands. */
function sayFarewell(tx: Transaction, { device, deviceId, session }: SessionRecord): void {
  if (!session.canSend(tx.now)) return;
  const plaintext = encodeContents([newContent(tx, "device-list", { list: tx.self.list.bytes })]);
  const { cell } = session.encrypt(tx.p, plaintext, tx.now);
  enqueue(tx, { account: tx.self.id as string as ContactId, deviceId, lane: { kind: "session", device }, ...cell, plaintext });
}

function isOfThisAccount(tx: Transaction, entropy: Uint8Array): boolean {
  const account = accountFromEntropy(tx.p, entropy);
  account.privateKey.wipe();
  return equalBytes(account.publicKey, tx.self.account);
}
