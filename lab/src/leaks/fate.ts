// What must become of every cell when a state leaks to somebody who then only listens, told from the letters' courses alone. The verdict
// compares this with what the attacker got, in both directions, so that neither the protocol nor the attacker can be too weak.

import { MAX_RECEIVING_CHAINS, PREKEY_LIFETIME_MS } from "@sotto/protocol";
import { type LetterCourse, type SessionCourse, coursesOf } from "./courses.ts";
import type { Recording } from "./recording.ts";
import type { Side } from "./schedule.ts";

/** When a cell's turn came, as seen from the victim's state at the leak. */
export type Period =
  /** A first contact, sealed to one device. */
  | "first contact"
  /** Written by who began a session before any answer, while the victim still holds the prekeys it was written to. */
  | "before the first answer"
  /** Written or read by the victim before the leak. */
  | "past"
  /** Written by the peer before the leak, and read by the victim later or never. */
  | "on its way"
  | "until the round trip"
  | "after the round trip"
  | "after another";

export interface Fate {
  readonly period: Period;
  /** Whether its message opens; `undefined`: may or may not. */
  readonly opens: boolean | undefined;
  /** Whether its tag is known. */
  readonly recognised: boolean | undefined;
  /** Whether the Kyber prekey of its session was in the state: then only X25519 keeps the session's beginning. */
  readonly kyberLeaked: boolean;
}

/** Legs from which content and tags are closed: one round trip, one more for the next chain. */
const CONTENT_CLOSED_FROM_LEG = 3;
const TAGS_CLOSED_FROM_LEG = 5;

/** The fate of each letter, in the order of the log. */
export function fates(recording: Recording): readonly Fate[] {
  const { letters: courses, leak } = coursesOf(recording);
  const readFirst = new Set(
    courses.filter(({ readBeforeLeak }, number) => readBeforeLeak && recording.letters[number]?.first).map(sessionOf),
  );
  return recording.letters.map(({ from, first }, number): Fate => {
    const course = courses[number] as LetterCourse;
    const { session } = course;
    const kyberLeaked = recording.layer === "ratchet" && session.beginner === "peer" && leak - session.begun < PREKEY_LIFETIME_MS;
    // A one-time prekey is erased when the first contact is read.
    const prekeysLeaked = kyberLeaked && !(session.oneTime && readFirst.has(session));
    if (first !== undefined) return { period: "first contact", opens: prekeysLeaked, recognised: undefined, kyberLeaked };
    if (course.beforeAnswer && prekeysLeaked) return { period: "before the first answer", opens: true, recognised: true, kyberLeaked };
    // The handshake gives the addresses of chain 0 of both sides, and of the beginner's next.
    const isAddressOfHandshake = prekeysLeaked && course.chain <= (from === session.beginner ? 1 : 0);
    const recognised = isAddressOfHandshake ? true : recognisedFromState(from, course);
    return { period: periodOf(from, course), opens: opensFromState(from, course), recognised, kyberLeaked };
  });
}

const sessionOf = ({ session }: LetterCourse): SessionCourse => session;

function opensFromState(from: Side, { session: { atLeak }, afterLeak, chain, readBeforeLeak }: LetterCourse): boolean | undefined {
  if (atLeak === undefined) return false;
  if (from === "victim") return afterLeak && chain === atLeak.own;
  if (readBeforeLeak || chain > atLeak.seen + 1) return false;
  if (chain >= atLeak.seen) return true;
  // Of ended chains only what was known to be missing is still held.
  return chain > atLeak.seen - MAX_RECEIVING_CHAINS ? undefined : false;
}

function recognisedFromState(from: Side, { session: { atLeak }, chain, readBeforeLeak }: LetterCourse): boolean | undefined {
  if (atLeak === undefined) return false;
  const [current, furthest] = from === "victim" ? [atLeak.own, atLeak.own + 1] : [atLeak.seen, atLeak.seen + 2];
  if (chain >= current) return chain <= furthest;
  return from === "peer" && !readBeforeLeak ? undefined : false;
}

function periodOf(from: Side, { afterLeak, leg, readBeforeLeak }: LetterCourse): Period {
  if (!afterLeak) return from === "victim" || readBeforeLeak ? "past" : "on its way";
  if (leg >= TAGS_CLOSED_FROM_LEG) return "after another";
  return leg >= CONTENT_CLOSED_FROM_LEG ? "after the round trip" : "until the round trip";
}
