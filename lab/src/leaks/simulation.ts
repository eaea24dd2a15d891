// Carries out a schedule with two real devices and one board, and records everything. It checks on the way that the two understand each
// other: an attacker who opens nothing proves nothing about a conversation in which nobody can read.

import { type Cell, type Primitives, ProtocolError, decodePrekeys, equalBytes, openableAddress, utcDay } from "@sotto/protocol";
import { nodePrimitives } from "@sotto/protocol/primitives/node";
import { seededRandom } from "@sotto/protocol/testing";
import { tapped } from "./key-ring.ts";
import type { Loot, Party } from "./party.ts";
import { RatchetParty } from "./ratchet-party.ts";
import type { Happening, Layer, Letter, Recording } from "./recording.ts";
import { type Side, type Step, otherSide } from "./schedule.ts";
import { StaticParty } from "./static-party.ts";

/** Something broken on purpose, to see that it is seen. */
export type Sabotage =
  /** After the leak the victim's new keys are keys that it had stored. (The same key each time would end the conversation.) */
  | "keys are not renewed"
  /** With the state of t an older one is found, that should not exist any more. */
  | "states are not erased";

const START_MS = Date.UTC(2026, 0, 1);
const STEP_MS = 1000;

/** A run of `schedule`; the seed makes the keys. */
export function simulate(layer: Layer, schedule: readonly Step[], seed: number, sabotage?: Sabotage): Recording {
  const { primitives, keys } = tapped(nodePrimitives(seededRandom(`leaks ${seed}`)));
  const newParty = (): Party => (layer === "static" ? new StaticParty(primitives) : new RatchetParty(primitives, START_MS));
  const parties = { victim: newParty(), peer: newParty() };
  const log: Cell[] = [];
  const letters: Letter[] = [];
  const happenings: Happening[] = [];
  const unread: Record<Side, number[]> = { victim: [], peer: [] };
  const days = new Set<number>();
  let now = START_MS;
  let loot: Loot | undefined;
  let olderLoot: Loot | undefined;
  const halfWay = Math.floor(schedule.findIndex(({ does }) => does === "leak") / 2);

  for (const [i, step] of schedule.entries()) {
    if (sabotage === "states are not erased" && i === halfWay) olderLoot = parties.victim.loot();
    now += step.does === "wait" ? step.ms : STEP_MS;
    days.add(utcDay(now));
    if (step.does === "begin") begin(step.side, step.oneTime);
    else if (step.does === "write") write(step.side);
    else if (step.does === "read") read(step.side, step.late, step.never);
    else if (step.does === "wait") for (const party of Object.values(parties)) party.upkeep(now);
    else leak();
  }
  if (loot === undefined) throw new Error("a schedule without a leak");
  const published = { victim: parties.victim.published, peer: parties.peer.published };
  return { layer, log, published, days: [...days], loot, keys: keys(), letters, happenings };

  function begin(side: Side, oneTime: boolean): void {
    const plaintext = nextPlaintext(side);
    const cell = parties[side].begin(parties[otherSide(side)].published, oneTime, plaintext, now);
    pin({ what: "begun", by: side, letter: letters.length, at: now }, { from: side, plaintext, first: { oneTime } }, cell);
  }

  function write(side: Side): void {
    const plaintext = nextPlaintext(side);
    const cell = parties[side].write(plaintext, now);
    if (cell !== undefined) pin({ what: "written", by: side, letter: letters.length, at: now }, { from: side, plaintext }, cell);
  }

  function nextPlaintext(side: Side): Uint8Array {
    return new TextEncoder().encode(`${side} writes number ${letters.length}`);
  }

  function pin(happening: Happening, letter: Letter, cell: Cell): void {
    happenings.push(happening);
    unread[otherSide(letter.from)].push(letters.length);
    letters.push(letter);
    log.push(cell);
  }

  function read(side: Side, late: number, never: boolean): void {
    const party = parties[side];
    const there = unread[side].filter((number) => letters[number]?.first !== undefined || party.waitsFor((log[number] as Cell).tag));
    const number = there[Math.min(late, there.length - 1)];
    if (number === undefined) return;
    const letter = letters[number] as Letter;
    if (never && letter.first === undefined) {
      unread[side] = unread[side].filter((other) => other !== number);
      return;
    }
    const plaintext = open(party, side, number, letter);
    unread[side] = unread[side].filter((other) => other !== number);
    if (plaintext === undefined) return;
    if (!equalBytes(plaintext, letter.plaintext)) throw new Error("a letter was read that nobody wrote");
    happenings.push({ what: "read", by: side, letter: number, at: now });
  }

  function open(party: Party, side: Side, number: number, { first }: Letter): Uint8Array | undefined {
    const { tag, body } = log[number] as Cell;
    try {
      if (first === undefined) return party.read(tag, body);
      return party.meet(parties[otherSide(side)].published, openableAddress(party.primitives, party.published.account, tag), body);
    } catch (error) {
      // Came so late that the keys of its chain, or the prekeys it was written to, are erased.
      if (error instanceof ProtocolError && (error.code === "session/duplicate" || error.code === "session/none")) return undefined;
      throw error;
    }
  }

  function leak(): void {
    loot = olderLoot ?? parties.victim.loot();
    happenings.push({ what: "leak", at: now });
    if (sabotage === "keys are not renewed") parties.victim.primitives = recycling(primitives, loot);
  }
}

/** Primitives that make 32 random bytes of stored one-time prekeys, one after the other. */
function recycling(p: Primitives, { prekeys }: Loot): Primitives {
  const stored = prekeys === undefined ? [] : [...decodePrekeys(p, prekeys).oneTime.values()];
  let next = 0;
  return {
    ...p,
    randomBytes(length) {
      const recycled = length === 32 ? stored[next++ % stored.length] : undefined;
      return recycled === undefined ? p.randomBytes(length) : recycled.privateKey.expose().slice();
    },
  };
}
