// The relays of this account as they stand: which it has, where others may write, where its own devices read. Not a concern here: how they
// change (relay-moves.ts), reading boards (boards.ts), which relay a cell goes to (routes.ts).

import type { RelayPlace, RelaysBody } from "@sotto/protocol";
import type { AccountRelay, SelfRecord } from "../records/self-record.ts";
import type { Transaction } from "./transaction.ts";

/** The relays that the account has, its home first. */
export function currentRelays({ relays }: Pick<SelfRecord, "relays">): readonly AccountRelay[] {
  return relays.filter(({ until }) => until === null);
}

/** Those of them where others may write. Before any board was found: the home, for nothing leaves this device before it is. */
export function toldRelays(self: Pick<SelfRecord, "relays">): readonly string[] {
  const current = currentRelays(self);
  const found = current.filter(({ begin }) => begin !== null);
  return (found.length > 0 ? found : current.slice(0, 1)).map(({ address }) => address);
}

/** Where this account's other devices read: also those that have not heard yet of the relays chosen last. */
export function relaysOfOwnDevices({ relays }: Pick<SelfRecord, "relays">): readonly string[] {
  const found = relays.filter(({ begin }) => begin !== null);
  const first = found.filter(({ until }) => until !== null);
  return [...first, ...found.filter(({ until }) => until === null)].map(({ address }) => address);
}

/** The relays as this account's other devices are told of them: where a device that was not there yet begins to read. */
export function relaysBody(tx: Transaction): RelaysBody | undefined {
  const places = tx.self.relays.flatMap(({ address, begin, until }): RelayPlace[] => {
    if (begin === null) return [];
    const { board, cursor } = begin;
    return [until === null ? { address, board, cursor } : { address, board, cursor, until }];
  });
  return places.some(({ until }) => until === undefined) ? { chosen: tx.self.relaysChosen, places } : undefined;
}

/** The same for a device that has everything that this one has read. */
export function relaysBodyFromHere(tx: Transaction): RelaysBody | undefined {
  const body = relaysBody(tx);
  if (body === undefined) return undefined;
  const places = body.places.map((place) => {
    const position = tx.positions.get(place.address);
    return position === undefined ? place : { ...place, board: position.board, cursor: position.cursor };
  });
  return { ...body, places };
}
