// Where an account reads, as its own devices tell each other: its relays, and from which place on a device that does not read there yet has
// to begin. Believed only from a device of one's own account. What follows from it is not a concern here.

import { MAX_FORMER_RELAYS, MAX_RELAY_LENGTH, MAX_RELAYS } from "../limits.ts";
import { relayProblem, relaysProblem } from "../meeting/relay-address.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

const BOARD_LENGTH = 16;

/** One relay of an account. */
export interface RelayPlace {
  readonly address: string;
  /** Cells for the account may lie on this board (16 bytes) behind this cursor, and nowhere before. */
  readonly board: Uint8Array;
  readonly cursor: number;
  /** A relay that the account has left: it is still read until then, ms. */
  readonly until?: number;
}

/** The relays of an account, the first choice first, those it has left among them. */
export interface RelaysBody {
  /** When they were chosen, seconds since 1970: the later choice holds. */
  readonly chosen: number;
  readonly places: readonly RelayPlace[];
}

/** Relays: 1 to 4 that the account has, and at most 12 that it has left. */
export const relaysCodec: BodyCodec<RelaysBody> = {
  encode({ chosen, places }) {
    const problem = problemOf(places);
    if (problem !== undefined) throw unacceptable(problem);
    return { chosen, places: places.map(({ address, board, cursor, until }) => ({ address, board, cursor, until })) };
  },
  decode(fields) {
    const chosen = fields.uint("chosen");
    const places = fields.maps("places", MAX_RELAYS + MAX_FORMER_RELAYS, (place): RelayPlace => {
      const address = place.text("address", MAX_RELAY_LENGTH);
      const at = { address, board: place.bytes("board", BOARD_LENGTH), cursor: place.uint("cursor") };
      return place.has("until") ? { ...at, until: place.uint("until") } : at;
    });
    const problem = problemOf(places);
    if (problem !== undefined) throw fields.invalid("places", problem);
    return { chosen, places };
  },
};

function problemOf(places: readonly RelayPlace[]): string | undefined {
  const current = relaysProblem(places.filter(({ until }) => until === undefined).map(({ address }) => address));
  if (current !== undefined) return `the relays of an account ${current}`;
  if (new Set(places.map(({ address }) => address)).size !== places.length) return "a relay stands twice among those of an account";
  if (places.length > MAX_RELAYS + MAX_FORMER_RELAYS) return "an account has left too many relays";
  const former = places.map(({ address }) => relayProblem(address)).find((problem) => problem !== undefined);
  if (former !== undefined) return `a relay's address ${former}`;
  return places.every(({ board }) => board.length === BOARD_LENGTH) ? undefined : `a board has ${BOARD_LENGTH} bytes`;
}
