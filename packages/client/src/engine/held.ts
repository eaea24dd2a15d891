// What cannot be shown yet: words of a stranger before I accept, copies of a conversation that this device has not heard of. Kept as
// plaintext in the order of arrival, bounded, and given out once. Not a concern here: what the contents do.

import type { ContactId } from "../api.ts";
import { MAX_HELD } from "../limits.ts";
import { heldKind, type HeldRecord } from "../records/held-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import type { Transaction } from "./transaction.ts";

/** Keeps a plaintext for later; `account` is the conversation it belongs to, by default that of the session. */
export function hold(tx: Transaction, said: { session: SessionRecord; plaintext: Uint8Array; account?: ContactId }): void {
  const account = said.account ?? said.session.account;
  const before = heldFor(tx, account);
  if (before.length >= MAX_HELD) return;
  const place = (before.at(-1)?.place ?? 0) + 1;
  tx.held.put({ account, device: said.session.device, place, plaintext: said.plaintext });
}

/** What is held for an account, oldest first, and not any more from now on. */
export function takeHeld(tx: Transaction, account: ContactId): HeldRecord[] {
  const held = heldFor(tx, account);
  for (const record of held) tx.held.delete(heldKind.key(record));
  return held;
}

function heldFor(tx: Transaction, account: ContactId): HeldRecord[] {
  return [...tx.held.values()].filter((record) => record.account === account).toSorted((a, b) => a.place - b.place);
}
