// What devices tell each other so that their sessions stay whole (spec §8), never shown to people: that a session was begun anew, and the turns
// by which a session heals when nobody writes.

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

/** The sides take turns, 0 to 4. After 2 what both write is sealed under keys made since 0; after 4 it also stands at places that are. */
export type PingTurn = 0 | 1 | 2 | 3 | 4;

/** The turn that is not answered. */
export const LAST_PING_TURN = 4;

/** One of the turns by which a session heals. */
export interface PingBody {
  readonly turn: PingTurn;
}

/** Pings: a turn from 0 to 4. */
export const pingCodec: BodyCodec<PingBody> = {
  encode({ turn }) {
    if (turn > LAST_PING_TURN) throw unacceptable("a ping has a turn from 0 to 4");
    return { turn };
  },
  decode: (fields) => ({ turn: fields.uint("turn", LAST_PING_TURN) as PingTurn }),
};
