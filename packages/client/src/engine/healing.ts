// Sessions heal when nobody writes (spec §8): each reply puts new keys under the next message, so what a thief read of a device's state soon
// opens nothing more. A session on which people spoke makes those replies by itself within a day, five turns, and is then quiet. Takes word of
// what is said on sessions; enqueues pings. Not a concern here: the ratchet.

import { LAST_PING_TURN, encodeContents, type PingTurn } from "@sotto/protocol";
import { HEALING_DELAY_MS, HEALING_PATIENCE_MS, HEALING_REPEAT_MS, RECEIPT_DELAY_MS } from "../limits.ts";
import type { HealingRecord } from "../records/healing-record.ts";
import type { SessionRecord } from "../records/session-record.ts";
import { isListed, newContent } from "./notices.ts";
import { enqueueOnSession, mayWrite } from "./outbound.ts";
import { randomBetween } from "./randomness.ts";
import type { Transaction } from "./transaction.ts";

/** People spoke on a session: within a day it heals. */
export function spokenOn(tx: Transaction, { device }: Pick<SessionRecord, "device">, way: "written" | "read"): void {
  const healing = tx.healing.get(device);
  if (healing === undefined) return begin(tx, device);
  // The other side is there, and has left a turn out for so long that it was lost.
  const isStuck = healing.due === null && tx.now - healing.since > HEALING_PATIENCE_MS;
  if (isStuck && way === "read") begin(tx, device);
  else if (healing.turn > 0 && !healing.again) tx.healing.put({ ...healing, again: true });
}

/** The other side took a turn. One that is not awaited is of turns that are over: it is not answered, so all turns end. */
export function receivePing(tx: Transaction, { device }: Pick<SessionRecord, "device">, turn: PingTurn): void {
  const healing = tx.healing.get(device);
  // If both began at once each awaits the turn after the one that it gets.
  const isAwaited = turn === 0 || (healing?.due === null && turn >= healing.turn - 1);
  if (!isAwaited) return;
  if (turn === LAST_PING_TURN) end(tx, device, healing?.again === true);
  else next(tx, device, turn + 1, { due: tx.now + randomBetween(tx, RECEIPT_DELAY_MS), repeat: null, again: healing?.again === true });
}

/** When there is something to do, ms: a turn to take, or to take once more; `null` while only the other side can. */
export function healingDue({ due, repeat }: HealingRecord): number | null {
  return due ?? repeat;
}

/** Takes the turns that are due, and once more those that were not answered. */
export function healWhereDue(tx: Transaction): void {
  for (const healing of [...tx.healing.values()]) {
    const { device, turn, due, again } = healing;
    const at = healingDue(healing);
    if (at === null || at > tx.now) continue;
    const session = tx.sessions.get(device);
    // A session that cannot be spoken on is being replaced, and nobody listens to a device that is not listed: what comes next is fresh.
    if (session === undefined || !isListed(tx) || !isTalking(tx, session) || !mayWrite(tx, session)) {
      tx.healing.delete(device);
      continue;
    }
    const taken = due === null ? turn - 1 : turn;
    enqueueOnSession(tx, session, encodeContents([newContent(tx, "ping", { turn: taken as PingTurn })]));
    if (due === null) tx.healing.put({ ...healing, repeat: repeatAt(tx, healing.since) });
    else if (turn === LAST_PING_TURN) end(tx, device, again);
    else next(tx, device, turn + 1, { due: null, repeat: repeatAt(tx, tx.now), again });
  }
}

/** After a day, and each time after as long as it has been by then; `null` after a week: the other side is away, and answers when it is back. */
function repeatAt(tx: Transaction, since: number): number | null {
  const waited = tx.now - since;
  if (waited > HEALING_REPEAT_MS) return null;
  return tx.now + Math.max(waited, HEALING_PATIENCE_MS) + randomBetween(tx, HEALING_DELAY_MS);
}

function begin(tx: Transaction, device: string): void {
  next(tx, device, 0, { due: tx.now + randomBetween(tx, HEALING_DELAY_MS), repeat: null, again: false });
}

function next(tx: Transaction, device: string, turn: number, step: Pick<HealingRecord, "due" | "repeat" | "again">): void {
  tx.healing.put({ device, turn, since: tx.now, ...step });
}

function end(tx: Transaction, device: string, again: boolean): void {
  if (again) begin(tx, device);
  else tx.healing.delete(device);
}

function isTalking(tx: Transaction, { account }: SessionRecord): boolean {
  return account === (tx.self.id as string) || tx.contacts.get(account)?.phase === "open";
}
