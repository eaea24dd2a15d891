// Hello and card: how two accounts tell each other where their devices are and which device lists they hold (spec §2, §5). A hello is the
// first content of a first contact, a card comes after acceptance and on every change. The card inside is not verified by reading it: that is
// `verifyCard`.

import type { Fields } from "../fields.ts";
import { MAX_CARD_LENGTH } from "../limits.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

const HASH_LENGTH = 32;

/** Which device list somebody holds: its version and hash (32 bytes). */
export interface ListState {
  readonly version: number;
  readonly hash: Uint8Array;
}

/** The sender's own list, and the receiver's as the sender knows it: a relay that hides a newer list is caught by this. */
export interface ListStates {
  readonly mine: ListState;
  readonly yours?: ListState;
}

/** A card as bytes, not verified, and the lists that its sender holds. */
export interface HelloBody {
  readonly card: Uint8Array;
  readonly lists: ListStates;
}

/** Same as in a hello. */
export type CardBody = HelloBody;

/** Of hellos and cards alike. */
export const helloCodec: BodyCodec<HelloBody> = {
  encode({ card, lists: { mine, yours } }) {
    if (card.length > MAX_CARD_LENGTH) throw unacceptable(`a card has at most ${MAX_CARD_LENGTH} bytes`);
    return { card, lists: { mine: encodeState(mine), yours: yours === undefined ? undefined : encodeState(yours) } };
  },
  decode(fields) {
    const card = fields.bytesUpTo("card", MAX_CARD_LENGTH);
    const lists = fields.map("lists", (inside): ListStates => {
      const mine = inside.map("mine", decodeState);
      return inside.has("yours") ? { mine, yours: inside.map("yours", decodeState) } : { mine };
    });
    return { card, lists };
  },
};

function encodeState({ version, hash }: ListState): { version: number; hash: Uint8Array } {
  if (hash.length !== HASH_LENGTH) throw unacceptable("the hash of a list has 32 bytes");
  return { version, hash };
}

function decodeState(fields: Fields): ListState {
  return { version: fields.uint("version"), hash: fields.bytes("hash", HASH_LENGTH) };
}
