// "My device may be compromised" (spec §8): this device becomes another one of the account. Whatever a copy of it knows is replaced: the device
// key and its entry in the list, prekeys, the keys under which others introduce themselves, the place where it reads, open invites, and the
// sessions with everybody. Takes the words' entropy where this device does not keep it. Errors of `wordsFor`. Not a
// concern here: what contacts do with the new list (device-lists.ts).

import { backupLockOf, newDevice, nextDeviceId, type PublicKey, signDeviceEntry } from "@sotto/protocol";
import type { OutboxRecord } from "../records/outbox-record.ts";
import { introduceEverywhere } from "./joining.ts";
import { unwatchEverything, watchEverything } from "./lanes.ts";
import { ownSessions, sendDeviceList, syncContact } from "./notices.ts";
import { messageSettled } from "./outbound.ts";
import { signNextList } from "./own-list.ts";
import { freshPrekeys } from "./own-prekeys.ts";
import { wordsFor } from "./removal.ts";
import { insistOnRelays, tellRelays } from "./relay-moves.ts";
import { renewContactKey, takeOwnKey } from "./request-keys.ts";
import { restoreRootOf } from "./restore-lane.ts";
import { fitSessions } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";
import { keepWaiting } from "./waiting.ts";

/** Makes this device another one. Everything that was on the board for the old one has been read; what was not sent goes as the new one's. */
export async function renewDevice(tx: Transaction, entropy: Uint8Array | null): Promise<void> {
  const words = wordsFor(tx, entropy);
  const unsent = forgetOldDevice(tx);
  const { id: oldId } = tx.device;
  const entries = tx.self.list.entries.filter(({ id }) => id !== oldId);
  becomeAnother(tx, words);
  insistOnRelays(tx);
  await signNextList(tx, words, [...entries, signDeviceEntry(tx.p, tx.device, tx.self.account as PublicKey, tx.now)]);
  for (const { id, list, phase, invite } of [...tx.contacts.values()]) {
    if (phase !== "open" && phase !== "asking" && phase !== "request") continue;
    await fitSessions(tx, id, list);
    if (phase === "open") renewContactKey(tx, id);
    // The old device asked: the next message asks once more.
    else if (phase === "asking" && invite === null) tx.changeContact(id, { asked: false });
  }
  watchEverything(tx);
  for (const cell of unsent) await sayLater(tx, cell);
  introduceEverywhere(tx);
  // Own devices meet this one under the key that they know, and hear of the next on the new sessions.
  takeOwnKey(tx, tx.p.randomBytes(32));
  sendDeviceList(tx, ownSessions(tx));
  tellRelays(tx);
  for (const contact of [...tx.contacts.values()]) if (contact.phase === "open") syncContact(tx, contact);
}

/** Takes away all that was the old device's; gives the cells that it had not sent, oldest first. */
function forgetOldDevice(tx: Transaction): readonly OutboxRecord[] {
  const cells = [...tx.outbox.values()].toSorted((a, b) => a.place - b.place);
  unwatchEverything(tx);
  for (const { place } of cells) tx.outbox.delete(String(place));
  for (const { id } of [...tx.invites.values()]) tx.invites.delete(id);
  for (const { device } of [...tx.sessions.values()]) {
    tx.sessions.delete(device);
    tx.repairs.delete(device);
    tx.healing.delete(device);
  }
  return cells.filter(({ lane }) => lane.kind === "session");
}

function becomeAnother(tx: Transaction, words: Uint8Array): void {
  const { account, list, highestDeviceId, deviceNames, device: old, phrase } = tx.self;
  const { id, registrationId, keys } = newDevice(tx.p, nextDeviceId(list, highestDeviceId));
  const name = deviceNames[old.id];
  tx.changeSelf({
    device: { id, registrationId, privateKey: keys.privateKey.expose().slice() },
    deviceNames: name === undefined ? deviceNames : { ...deviceNames, [id]: name },
    restoreRoot: restoreRootOf(tx.p, words, account as PublicKey, keys.publicKey),
    backupLock: phrase === null ? backupLockOf(tx.p, words, keys.publicKey).bytes.expose().slice() : null,
    pendingLink: null,
  });
  freshPrekeys(tx);
}

async function sayLater(tx: Transaction, { account, lane, plaintext, message }: OutboxRecord): Promise<void> {
  const session = lane.kind === "session" ? tx.sessions.get(lane.device) : undefined;
  if (session?.account === account) keepWaiting(tx, session, plaintext, message ?? undefined);
  else if (message !== null) await messageSettled(tx, message);
}
