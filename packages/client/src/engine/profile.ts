// What a person changes about their own account: its name, its devices' names, its public address, what they have seen of its words. Not a
// concern here: what other people and devices do with it.

import { NEVER } from "@sotto/protocol";
import type { DeviceId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import { audience } from "./knowledge.ts";
import { newContent, ownSessions, reachable, shareAccountState, tell } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/** Gives this account another name, and tells everybody who is to know. */
export function rename(tx: Transaction, name: string): void {
  const named = tx.stamp(tx.self.named);
  tx.changeSelf({ name, named });
  const people = audience(tx).flatMap((id) => reachable(tx, tx.contacts.get(id) as ContactRecord));
  tell(tx, [...people, ...ownSessions(tx)], [{ ...newContent(tx, "profile", { name }), sent: named.at }]);
}

/** Gives a device of this account another name, on all of them. */
export function renameDevice(tx: Transaction, id: DeviceId, name: string): void {
  const entry = tx.self.list.entries.find((one) => String(one.id) === (id as string));
  if (entry === undefined) throw new MessengerError("argument/invalid", { reason: "this account has no such device" });
  const named = { name, ...tx.stamp(tx.self.deviceNames[id] ?? NEVER) };
  tx.changeSelf({ deviceNames: { ...tx.self.deviceNames, [id]: named } });
  shareAccountState(tx);
}

/** Begins or ends reading first contacts at the public address. */
export function setPublished(tx: Transaction, published: boolean): void {
  tx.changeSelf({ published });
}

/** The relay knows this account's address, and its handle if one is given: so do the other own devices from now on. */
export function setHandle(tx: Transaction, handle: string | null): void {
  if (handle !== null) tx.changeSelf({ handle });
  shareAccountState(tx);
}

/** The recovery phrase was on screen. */
export function seePhrase(tx: Transaction): void {
  if (tx.self.recovery === "unseen") tx.changeSelf({ recovery: "seen" });
}

/** Words of the recovery phrase were asked back, and right. */
export function confirmPhrase(tx: Transaction): void {
  tx.changeSelf({ recovery: "confirmed" });
}
