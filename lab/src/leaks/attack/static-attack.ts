// The attack on the static session: one key, known from a stolen session or agreed anew with a stolen private key, opens all there is.

import {
  type Primitives,
  ProtocolError,
  type PublicKey,
  Reader,
  Secret,
  be4,
  keyPairFromPrivate,
  openBoxWithKey,
  openStaticHello,
  startStaticSession,
} from "@sotto/protocol";
import type { Published } from "../party.ts";
import type { Board } from "./board.ts";
import type { Finds } from "./finds.ts";
import { firstContacts } from "./first-contacts.ts";
import type { KnownKeys } from "./known-keys.ts";

/** Adds what the stolen session, if there is one, and the known keys open. */
export function attackStatic(
  p: Primitives,
  board: Board,
  finds: Finds,
  keys: KnownKeys,
  accounts: readonly Published[],
  days: readonly number[],
  stolen: Uint8Array | undefined,
): void {
  for (const { number, recipient, contact } of firstContacts(p, board, keys, accounts, days)) {
    finds.introduced.add(number);
    const ours = keyPairFromPrivate(p, keys.privateOf(recipient.entry.key) as Uint8Array);
    finds.opened.set(number, openStaticHello(p, ours, contact.device.key, contact.hello));
  }
  const sessions = stolen === undefined || stolen.length === 0 ? agreedAnew(p, keys, accounts) : [stolen];
  for (const session of sessions) openAll(p, board, finds, session);
}

/** The stored session of whichever device a private key is known of. */
function agreedAnew(p: Primitives, keys: KnownKeys, accounts: readonly Published[]): Uint8Array[] {
  return accounts.flatMap(({ entry: { key: ours } }) => {
    const privateKey = keys.privateOf(ours);
    const theirs = accounts.find(({ entry }) => entry.key !== ours)?.entry.key;
    if (privateKey === undefined || theirs === undefined) return [];
    return [startStaticSession(p, keyPairFromPrivate(p, privateKey), theirs).encode()];
  });
}

function openAll(p: Primitives, board: Board, finds: Finds, session: Uint8Array): void {
  const reader = new Reader(session, "a stolen session");
  reader.take(1);
  const [ours, theirs] = [reader.take(33) as PublicKey, reader.take(33) as PublicKey];
  const key = new Secret(reader.take(32));
  const sending = reader.take(32);
  reader.take(4);
  const receiving = reader.take(32);
  for (const { root, sender, recipient } of [
    { root: sending, sender: ours, recipient: theirs },
    { root: receiving, sender: theirs, recipient: ours },
  ]) {
    for (const { number, index, payload } of board.along(p, root)) {
      finds.recognised.add(number);
      try {
        finds.opened.set(number, openBoxWithKey(p, key, { sender, recipient }, payload, be4(index)));
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
      }
    }
  }
}
