// Where an account's devices read, for whoever writes to them. Takes what is known of contacts and of this account; gives addresses in order
// of preference. Not a concern here: which of them works (routes.ts).

import type { ContactId } from "../api.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { SelfRecord } from "../records/self-record.ts";
import { relaysOfOwnDevices, toldRelays } from "./own-relays.ts";

/** What is known of contacts and of this account, committed or not. */
interface Accounts {
  readonly contacts: { get(id: string): ContactRecord | undefined };
  readonly self: SelfRecord;
}

/** The relays at which an account reads, the first choice first: a contact's, or those of this account's own devices. */
export function receivingRelays({ contacts, self }: Accounts, account: ContactId): readonly string[] {
  const contact = contacts.get(account);
  if (contact !== undefined) return contact.relays;
  const own = relaysOfOwnDevices(self);
  return own.length > 0 ? own : toldRelays(self);
}
