// First contacts in the log: their tags say which account they are for, to whoever knows that account; the sealed payload opens for who has
// the device's private key. Inside are the sender's list and a hello.

import {
  type Device,
  type FirstContact,
  type Primitives,
  ProtocolError,
  addressPrefix,
  keyPairFromPrivate,
  matchesAddress,
  openFirstContact,
  openableAddress,
} from "@sotto/protocol";
import type { Published } from "../party.ts";
import type { Board } from "./board.ts";
import type { KnownKeys } from "./known-keys.ts";

/** A first contact whose seal was opened. */
export interface OpenedContact {
  readonly number: number;
  readonly recipient: Published;
  readonly contact: FirstContact;
}

/** All that can be opened, of cells pinned on these UTC days. */
export function firstContacts(
  p: Primitives,
  board: Board,
  keys: KnownKeys,
  accounts: readonly Published[],
  days: readonly number[],
): OpenedContact[] {
  return accounts.flatMap((recipient) => {
    const privateKey = keys.privateOf(recipient.entry.key);
    if (privateKey === undefined) return [];
    const device: Device = { id: recipient.entry.id, registrationId: 1, keys: keyPairFromPrivate(p, privateKey) };
    const prefixes = days.map((day) => addressPrefix(p, recipient.account, day));
    return board.cells.flatMap(({ tag, body }, number) => {
      if (!matchesAddress(prefixes, tag)) return [];
      const address = openableAddress(p, recipient.account, tag);
      try {
        return [{ number, recipient, contact: openFirstContact(p, { address, body, device, account: recipient.account }) }];
      } catch (error) {
        if (error instanceof ProtocolError) return [];
        throw error;
      }
    });
  });
}
