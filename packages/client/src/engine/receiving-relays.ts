// Where an account's devices read, for whoever writes to them. Takes what is known of contacts and of this account; gives addresses in order
// of preference. Not a concern here: which of them works (routes.ts).

import type { ContactId } from "../api.ts";
import type { State } from "./state.ts";
import { relaysOfOwnDevices, toldRelays } from "./own-relays.ts";

/** The relays at which an account reads, the first choice first: a contact's, or those of this account's own devices. */
export function receivingRelays({ contacts, self }: Pick<State, "contacts" | "self">, account: ContactId): readonly string[] {
  const contact = contacts.get(account);
  if (contact !== undefined) return contact.relays;
  const own = relaysOfOwnDevices(self);
  return own.length > 0 ? own : toldRelays(self);
}
