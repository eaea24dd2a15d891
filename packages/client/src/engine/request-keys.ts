// The keys under which devices introduce themselves, renewed when one who knows them must not recognise introductions any more: a removed
// device. An earlier key is watched for as long as a board may hold a cell that was on its way. Takes contacts and this account; changes them
// and what is watched. Not a concern here: telling others the new key.

import type { ContactId } from "../api.ts";
import { FORMER_KEY_MS, MAX_FORMER_KEYS } from "../limits.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { FormerKey } from "../records/self-record.ts";
import { unwatchKey, watchContactLane, watchOwnLane } from "./lanes.ts";
import type { Transaction } from "./transaction.ts";

/** A contact's devices introduce themselves to mine under a new key from now on. */
export function renewContactKey(tx: Transaction, id: ContactId): ContactRecord {
  const { keyed } = tx.contacts.get(id) as ContactRecord;
  return takeContactKey(tx, id, tx.p.randomBytes(32), { keyed: tx.stamp(keyed) });
}

/** The same under a key that another device of mine made. */
export function takeContactKey(tx: Transaction, id: ContactId, key: Uint8Array, { keyed }: Pick<ContactRecord, "keyed">): ContactRecord {
  const { ourRequestKey } = tx.contacts.get(id) as ContactRecord;
  const contact = tx.changeContact(id, { ourRequestKey: key, keyed, formerKeys: formerKeysWith(tx, id, ourRequestKey) });
  watchContactLane(tx, contact);
  return contact;
}

/** A key that another device of mine told the contact, and that does not hold: whoever used it is heard. */
export function keepContactKey(tx: Transaction, id: ContactId, key: Uint8Array): void {
  watchContactLane(tx, tx.changeContact(id, { formerKeys: formerKeysWith(tx, id, key) }));
}

/** Devices of this account introduce themselves to each other under this key from now on. */
export function takeOwnKey(tx: Transaction, key: Uint8Array): void {
  const { requestKey, formerKeys } = tx.self;
  tx.changeSelf({ requestKey: key, formerKeys: [...formerKeys, former(tx, requestKey)] });
  watchOwnLane(tx);
}

/** Ends the watch over earlier keys under which nothing can come any more. */
export function forgetFormerKeys(tx: Transaction): void {
  const over = (keys: readonly FormerKey[]): readonly FormerKey[] => keys.filter(({ until }) => until <= tx.now);
  const left = (keys: readonly FormerKey[]): readonly FormerKey[] => keys.filter(({ until }) => until > tx.now);
  for (const { key } of over(tx.self.formerKeys)) unwatchKey(tx, tx.self.account, key);
  if (over(tx.self.formerKeys).length > 0) tx.changeSelf({ formerKeys: left(tx.self.formerKeys) });
  for (const { id, account, formerKeys } of [...tx.contacts.values()]) {
    for (const { key } of over(formerKeys)) unwatchKey(tx, account, key);
    if (over(formerKeys).length > 0) tx.changeContact(id, { formerKeys: left(formerKeys) });
  }
}

/** A contact's earlier keys and one more; beyond the bound the oldest are not watched any more. */
function formerKeysWith(tx: Transaction, id: ContactId, key: Uint8Array): readonly FormerKey[] {
  const { account, formerKeys } = tx.contacts.get(id) as ContactRecord;
  const all = [...formerKeys, former(tx, key)];
  for (const old of all.slice(0, -MAX_FORMER_KEYS)) unwatchKey(tx, account, old.key);
  return all.slice(-MAX_FORMER_KEYS);
}

function former(tx: Transaction, key: Uint8Array): FormerKey {
  return { key, until: tx.now + FORMER_KEY_MS };
}
