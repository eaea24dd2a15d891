// What happened to every letter, told from who wrote and read what when, and from nothing else: no key is looked at. Two counts say most:
// - chain: ratchet steps of the writer. Whoever reads a message of a newer chain begins a newer one with a fresh key.
// - leg: how far the news of a fresh key has come since the leak. The victim writes leg 1; who reads leg n writes leg n + 1. A letter of leg 3
//   or later was written by somebody who knows that a round trip (victim, peer, victim) is through.

import type { Recording } from "./recording.ts";
import type { Side } from "./schedule.ts";

/** One session of the conversation. */
export interface SessionCourse {
  readonly beginner: Side;
  readonly oneTime: boolean;
  /** ms. */
  readonly begun: number;
  readonly begunAfterLeak: boolean;
  /** The victim's chain, and the newest of the peer's that it had read, when the state leaked; absent if it did not have the session then. */
  readonly atLeak?: { readonly own: number; readonly seen: number };
}

/** One letter. */
export interface LetterCourse {
  readonly session: SessionCourse;
  readonly chain: number;
  readonly leg: number;
  readonly afterLeak: boolean;
  /** Written by who began the session, before anything was read in it. */
  readonly beforeAnswer: boolean;
  /** Whether the victim had read it when the state leaked. */
  readonly readBeforeLeak: boolean;
}

interface Standing {
  chain: number;
  seen: number;
  leg: number;
  answered: boolean;
}

type OpenSession = { -readonly [K in keyof SessionCourse]: SessionCourse[K] } & { readonly standing: Partial<Record<Side, Standing>> };
type OpenLetter = { -readonly [K in keyof LetterCourse]: LetterCourse[K] } & { readonly session: OpenSession };

/** A victim's key made after the leak is unknown at once, and so are addresses one chain later. */
const LEG_OF_FRESH_SESSION = 5;
const LEG_OF_FRESH_KEY = 3;

/** The course of each letter, in the order of the log; `leak` in ms. */
export function coursesOf({ letters, happenings }: Recording): { letters: readonly LetterCourse[]; leak: number } {
  const sessions: OpenSession[] = [];
  const courses: OpenLetter[] = [];
  /** Which session each side writes with: the one it began or last read in. */
  const current: Partial<Record<Side, OpenSession>> = {};
  let leak: number | undefined;

  for (const happening of happenings) {
    if (happening.what === "leak") {
      leak = happening.at;
      for (const session of sessions) {
        const { victim } = session.standing;
        if (victim === undefined) continue;
        session.atLeak = { own: victim.chain, seen: victim.seen };
        victim.leg = 1;
      }
      continue;
    }
    const { by, letter, at } = happening;
    if (happening.what === "begun") {
      const leg = leak === undefined ? 0 : by === "victim" ? LEG_OF_FRESH_SESSION : LEG_OF_FRESH_KEY - 1;
      const oneTime = letters[letter]?.first?.oneTime ?? false;
      const standing = { [by]: { chain: 0, seen: -1, leg, answered: false } };
      current[by] = { beginner: by, oneTime, begun: at, begunAfterLeak: leak !== undefined, standing };
      sessions.push(current[by]);
    }
    if (happening.what === "read") read(by, courses[letter] as OpenLetter);
    else write(by);
  }
  if (leak === undefined) throw new Error("a recording without a leak");
  return { letters: courses, leak };

  function write(by: Side): void {
    const session = current[by] as OpenSession;
    const { chain, leg, answered } = session.standing[by] as Standing;
    const beforeAnswer = by === session.beginner && !answered;
    courses.push({ session, chain, leg, afterLeak: leak !== undefined, beforeAnswer, readBeforeLeak: false });
  }

  function read(by: Side, letter: OpenLetter): void {
    const { session, chain, leg } = letter;
    if (by === "victim" && leak === undefined) letter.readBeforeLeak = true;
    // Who answers makes its first key now.
    const firstLeg = by === "victim" && leak !== undefined ? LEG_OF_FRESH_KEY : 0;
    const who = (session.standing[by] ??= { chain: -1, seen: -1, leg: firstLeg, answered: false });
    if (leg > who.leg) who.leg = leg + 1;
    who.answered = true;
    if (chain > who.seen) {
      who.seen = chain;
      who.chain = by === session.beginner ? chain + 1 : chain;
    }
    current[by] = session;
  }
}
