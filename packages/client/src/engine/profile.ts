// What a person changes about their own account: its name, its public address, what they have seen of its words. Not a concern here: what
// other people and devices do with it.

import { newContent, ownSessions, reachable, shareAccountState, tell } from "./notices.ts";
import type { Transaction } from "./transaction.ts";

/** Gives this account another name, and tells everybody who is to know. */
export function rename(tx: Transaction, name: string): void {
  tx.changeSelf({ name });
  const people = [...tx.contacts.values()].filter(({ phase }) => phase === "open").flatMap((contact) => reachable(tx, contact));
  tell(tx, [...people, ...ownSessions(tx)], [newContent(tx, "profile", { name })]);
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
