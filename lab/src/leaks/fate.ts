// What must become of every cell when a state leaks, from who wrote and read what when, and from nothing else: no key is looked at. The
// verdict compares this with what the attacker got, in both directions, so that neither the protocol nor the attacker can be too weak.
//
// Two counts say it all:
// - chain: ratchet steps of the writer. Whoever reads a message of a newer chain begins a newer one with a fresh key.
// - leg: how far the news of a fresh key has come since the leak. The victim writes leg 1; who reads leg n writes leg n + 1. A message of
//   leg 3 or later was written by somebody who knows that a round trip (victim, peer, victim) is through.

import { PREKEY_LIFETIME_MS, MAX_RECEIVING_CHAINS } from "@sotto/protocol";
import type { Recording } from "./recording.ts";
import type { Side } from "./schedule.ts";

/** When a cell's turn came, as seen from the victim's state at the leak. */
export type Period =
  /** The first contact, sealed to one device. */
  | "first contact"
  /** Written by the beginner before any answer, while the victim still holds the prekeys it was written to. */
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
  /** Whether a thief who only listens opens its message; `undefined`: may or may not. */
  readonly opens: boolean | undefined;
  /** Whether a thief knows its tag. */
  readonly recognised: boolean | undefined;
}

/** Legs from which content and tags are closed: one round trip, one more for the next chain. */
export const CONTENT_CLOSED_FROM_LEG = 3;
export const TAGS_CLOSED_FROM_LEG = 5;

interface Course {
  chain: number;
  leg: number;
  afterLeak: boolean;
  /** Whether the victim had read it when the state leaked. */
  readBeforeLeak: boolean;
  beforeAnswer: boolean;
}

/** The fate of each letter under a thief of the victim's state, in the order of the log. */
export function fates(recording: Recording): readonly Fate[] {
  const { courses, own, seen } = coursesOf(recording);
  return recording.letters.map(({ from, first }, number): Fate => {
    const course = courses[number] as Course;
    const reopened = course.beforeAnswer && holdsPrekeysOf(recording);
    const nth = from === "victim" ? own : seen;
    if (first) return { period: "first contact", opens: from === "peer" && holdsPrekeysOf(recording), recognised: undefined };
    return { period: periodOf(from, course, reopened), opens: opens(), recognised: recognised() };

    function opens(): boolean | undefined {
      if (reopened) return true;
      if (from === "victim") return course.afterLeak && course.chain === nth;
      if (course.readBeforeLeak || course.chain > nth + 1) return false;
      // Of ended chains only what was known to be missing is still held.
      return course.chain >= nth ? true : course.chain > nth - MAX_RECEIVING_CHAINS ? undefined : false;
    }

    function recognised(): boolean | undefined {
      const furthest = from === "victim" ? nth + 1 : nth + 2;
      // The handshake gives chain 0 of both sides, and of the beginner the one after.
      const fromHello = holdsPrekeysOf(recording) && course.chain <= (from === "peer" ? 1 : 0);
      if (fromHello || (course.chain >= nth && course.chain <= furthest)) return true;
      return from === "peer" && course.chain < nth && !course.readBeforeLeak ? undefined : false;
    }
  });
}

function periodOf(from: Side, { afterLeak, leg, readBeforeLeak }: Course, reopened: boolean): Period {
  if (reopened) return "before the first answer";
  if (!afterLeak) return from === "victim" || readBeforeLeak ? "past" : "on its way";
  if (leg >= TAGS_CLOSED_FROM_LEG) return "after another";
  return leg >= CONTENT_CLOSED_FROM_LEG ? "after the round trip" : "until the round trip";
}

/** Whether the state that leaked contains the private prekeys of the first contact: only who was written to has them, and not for ever. */
function holdsPrekeysOf({ layer, letters, oneTime, msBeforeLeak, happenings }: Recording): boolean {
  if (layer === "static" || letters[0]?.from !== "peer" || msBeforeLeak >= PREKEY_LIFETIME_MS) return false;
  const leak = happenings.findIndex(({ what }) => what === "leak");
  const read = happenings.findIndex((happening) => happening.what === "read" && happening.letter === 0);
  return !oneTime || read === -1 || read > leak;
}

/** Follows everything that happened. `own` and `seen`: the victim's chain and the newest of the peer's that it had read, at the leak. */
function coursesOf({ letters, happenings }: Recording): { courses: readonly Course[]; own: number; seen: number } {
  const beginner = letters[0]?.from ?? "victim";
  const state: Record<Side, { chain: number; seen: number; leg: number; answered: boolean }> = {
    victim: { chain: beginner === "victim" ? 0 : -1, seen: -1, leg: 0, answered: false },
    peer: { chain: beginner === "peer" ? 0 : -1, seen: -1, leg: 0, answered: false },
  };
  const courses: Course[] = [];
  let atLeak: { own: number; seen: number } | undefined;
  for (const happening of happenings) {
    if (happening.what === "leak") {
      atLeak = { own: state.victim.chain, seen: state.victim.seen };
      state.victim.leg = 1;
      continue;
    }
    const { by } = happening;
    const who = state[by];
    if (happening.what === "written") {
      const beforeAnswer = by === beginner && !who.answered;
      courses.push({ chain: who.chain, leg: who.leg, afterLeak: atLeak !== undefined, readBeforeLeak: false, beforeAnswer });
      continue;
    }
    const course = courses[happening.letter] as Course;
    if (by === "victim" && atLeak === undefined) course.readBeforeLeak = true;
    if (course.leg > who.leg) who.leg = course.leg + 1;
    who.answered = true;
    if (course.chain > who.seen) {
      who.seen = course.chain;
      who.chain = by === beginner ? course.chain + 1 : course.chain;
    }
  }
  return { courses, ...(atLeak ?? { own: 0, seen: 0 }) };
}
