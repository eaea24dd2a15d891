// What devices tell each other so that their sessions stay whole (spec §8), never shown to people: that a session was begun anew, and the three
// turns by which a session heals when nobody writes.

import { PUBLIC_KEY_LENGTH } from "../agreement/key-pair.ts";
import { type BodyCodec, unacceptable } from "./codec.ts";

/** The last word on a session that its other side asked to replace. */
export interface RestartedBody {
  /** The one-time prekey (33 bytes) of the restart that asked for it: whoever did not make this key was copied. */
  readonly key: Uint8Array;
}

/** Restarted: exactly one key. */
export const restartedCodec: BodyCodec<RestartedBody> = {
  encode({ key }) {
    if (key.length !== PUBLIC_KEY_LENGTH) throw unacceptable("a prekey has 33 bytes");
    return { key };
  },
  decode: (fields) => ({ key: fields.bytes("key", PUBLIC_KEY_LENGTH) }),
};

/** 0 asks for an answer, 1 answers and asks for the last one, 2 ends: after three turns both directions run on keys made since. */
export type PingTurn = 0 | 1 | 2;

/** One of the three turns by which a session heals. */
export interface PingBody {
  readonly turn: PingTurn;
}

/** Pings: a turn from 0 to 2. */
export const pingCodec: BodyCodec<PingBody> = {
  encode({ turn }) {
    if (![0, 1, 2].includes(turn)) throw unacceptable("a ping has a turn from 0 to 2");
    return { turn };
  },
  decode: (fields) => ({ turn: fields.uint("turn", 2) as PingTurn }),
};
