// The adversaries of the table: what each holds besides the relay's log, and what each must get of a conversation, no more and no less.

import type { Means } from "./attack/attacker.ts";
import { noKeys } from "./key-ring.ts";
import { type Fate, fates } from "./fate.ts";
import type { Recording } from "./recording.ts";
import type { Expectation } from "./verdict.ts";

/** One column of the table. */
export interface Adversary {
  readonly name: string;
  means(recording: Recording): Means;
  expects(recording: Recording): readonly Expectation[];
}

/** The columns of the table, in its order. */
export const adversaries: readonly Adversary[] = [
  {
    name: "relay's log",
    means: () => ({}),
    expects: (recording) => each(recording, nothing),
  },
  {
    name: "state at t",
    means: ({ loot }) => ({ loot }),
    expects: (recording) => (recording.layer === "static" ? each(recording, everything) : fates(recording)),
  },
  {
    name: "X25519 broken",
    means: ({ keys: { x25519 } }) => ({ keys: { ...noKeys, x25519 } }),
    expects: (recording) => each(recording, recording.layer === "static" ? everything : nothing),
  },
  {
    // ML-KEM broken alone: only hybrids have something to lose here, and must not.
    name: "ML-KEM broken",
    means: ({ keys: { kemSeeds, kemMessages } }) => ({ keys: { ...noKeys, kemSeeds, kemMessages } }),
    expects: (recording) => each(recording, nothing),
  },
  {
    name: "t + X25519",
    means: ({ loot, keys: { x25519 } }) => ({ loot, keys: { ...noKeys, x25519 } }),
    expects: (recording) => (recording.layer === "static" ? each(recording, everything) : withoutX25519(recording)),
  },
  {
    // Not even with every key that the post-quantum ratchet ever gave: the double ratchet forgets and heals alone.
    name: "t + ML-KEM",
    means: ({ loot, keys: { kemSeeds, kemMessages, messages } }) => ({ loot, keys: { ...noKeys, kemSeeds, kemMessages, messages } }),
    expects: (recording) => (recording.layer === "static" ? each(recording, everything) : fates(recording)),
  },
  {
    // Not an adversary but the proof that these attacks can open everything there is.
    name: "every key",
    means: ({ loot, keys }) => ({ loot, keys }),
    expects: (recording) => each(recording, everything),
  },
];

const nothing = (): Expectation => ({ opens: false, recognised: false });

/** First contacts are sealed to a device and found by their recipient's account: what becomes of them depends on whose keys are held. */
const everything = ({ period }: Fate): Expectation =>
  period === "first contact" ? { opens: undefined, recognised: undefined } : { opens: true, recognised: true };

const each = (recording: Recording, expected: (fate: Fate) => Expectation): Expectation[] => fates(recording).map(expected);

/**
 * With the double ratchet open, only the post-quantum one heals: when is not said here. The past stays closed, unless the Kyber prekey of a
 * first contact leaked: then the session is open from its beginning, until that ratchet's first epoch.
 */
function withoutX25519(recording: Recording): Expectation[] {
  return fates(recording).map(({ period, opens, kyberLeaked }): Expectation => {
    if (opens === true) return { opens, recognised: undefined };
    return { opens: period === "past" && !kyberLeaked ? false : undefined, recognised: undefined };
  });
}
