// How the relays of this account change: a person chooses others, the end of a board is found, another device of the account tells. Takes
// relays; changes this account and tells its devices, then its contacts. Relays that were left are read until nobody can write there any
// more. Not a concern here: reading boards (boards.ts), finding their ends.

import { MAX_FORMER_RELAYS, type RelaysBody } from "@sotto/protocol";
import { RELAY_LEAVE_MS } from "../limits.ts";
import type { AccountRelay } from "../records/self-record.ts";
import type { BoardPosition } from "../relay/feed.ts";
import { believedChoice, latestChoice } from "./cards.ts";
import { audience } from "./knowledge.ts";
import { newContent, ownSessions, sendCard, tell } from "./notices.ts";
import { renewBundle } from "./own-prekeys.ts";
import { currentRelays, relaysBody, toldRelays } from "./own-relays.ts";
import type { Transaction } from "./transaction.ts";

/** The account has these relays from now on, home first; everybody is told, and those it had are read until nobody writes there any more. */
export function chooseRelays(tx: Transaction, chosen: readonly { readonly address: string; readonly begin: BoardPosition | null }[]): void {
  const addresses = currentRelays(tx.self).map(({ address }) => address);
  if (addresses.join(" ") === chosen.map(({ address }) => address).join(" ")) return;
  const known = new Map(tx.self.relays.map((relay) => [relay.address, relay]));
  const next = chosen.map(({ address, begin }) => ({ address, begin: known.get(address)?.begin ?? begin, until: null }));
  const relaysChosen = Math.max(Math.floor(tx.now / 1000), tx.self.relaysChosen + 1);
  takeRelays(tx, next, tx.self.relays, relaysChosen);
  announceRelays(tx);
}

/** The end of a board was found, at which this device begins to read: from now on others may write there. */
export function relayFound(tx: Transaction, address: string, begin: BoardPosition): void {
  if (tx.self.relays.find((relay) => relay.address === address)?.begin !== null) return;
  tx.changeSelf({ relays: tx.self.relays.map((relay) => (relay.address === address ? { ...relay, begin } : relay)) });
  announceRelays(tx);
}

/** The relays as another device of this account knows them. */
export function acceptRelays(tx: Transaction, body: RelaysBody): void {
  const { self } = tx;
  const { places } = body;
  const chosen = believedChoice(body.chosen, tx.now);
  const told = places.filter(({ until }) => until === undefined);
  const found = currentRelays(self).filter(({ begin }) => begin !== null);
  const more = chosen === self.relaysChosen && told.length > found.length;
  if (chosen <= self.relaysChosen && !more) return;
  const known = new Map(self.relays.map((relay) => [relay.address, relay]));
  const pending = more ? currentRelays(self).filter(({ address }) => !told.some((place) => place.address === address)) : [];
  const next = told.map(({ address, board, cursor }) => ({ address, begin: known.get(address)?.begin ?? { board, cursor }, until: null }));
  const left = places.flatMap(({ address, board, cursor, until }) =>
    until === undefined ? [] : [{ address, begin: { board, cursor }, until }],
  );
  takeRelays(tx, [...next, ...pending], [...self.relays, ...left], chosen);
}

/**
 * The relays are as if chosen at the latest time that anybody believes: whatever a device that is leaving the account said of them, or will
 * say, does not hold any more. Cards that follow tell contacts.
 */
export function insistOnRelays(tx: Transaction): void {
  tx.changeSelf({ relaysChosen: Math.max(latestChoice(tx.now), tx.self.relaysChosen + 1) });
}

/** The relays to this account's other devices; gives the last place taken in the outbox. */
export function tellRelays(tx: Transaction): number | null {
  const body = relaysBody(tx);
  const to = ownSessions(tx);
  return body === undefined || to.length === 0 ? null : tell(tx, to, [newContent(tx, "relays", body)]);
}

/** Relays that were left long enough ago are not read any more. */
export function forgetLeftRelays(tx: Transaction): void {
  const over = tx.self.relays.filter(({ until }) => until !== null && until <= tx.now);
  if (over.length === 0) return;
  tx.changeSelf({ relays: tx.self.relays.filter((relay) => !over.includes(relay)) });
  for (const { address } of over) tx.positions.delete(address);
}

function takeRelays(tx: Transaction, next: readonly AccountRelay[], before: readonly AccountRelay[], relaysChosen: number): void {
  const home = toldRelays(tx.self)[0];
  const left = new Map<string, AccountRelay>();
  for (const { address, begin, until } of before) {
    // Where nobody was told to write, nothing will come.
    if (begin === null || next.some((relay) => relay.address === address)) continue;
    const later = Math.max(until ?? tx.now + RELAY_LEAVE_MS, left.get(address)?.until ?? 0);
    left.set(address, { address, begin, until: later });
  }
  const former = [...left.values()].toSorted((a, b) => (b.until ?? 0) - (a.until ?? 0)).slice(0, MAX_FORMER_RELAYS);
  tx.changeSelf({ relays: [...next, ...former], relaysChosen });
  // Only the home hands out one-time prekeys: the bundle that has them must be newer than any that another relay holds.
  if (toldRelays(tx.self)[0] !== home) renewBundle(tx);
}

/** Own devices first, as always: they read a new relay before anybody writes there. */
function announceRelays(tx: Transaction): void {
  const last = tellRelays(tx);
  for (const id of audience(tx)) {
    const contact = tx.contacts.get(id);
    if (contact !== undefined) sendCard(tx, contact, { after: last });
  }
}
