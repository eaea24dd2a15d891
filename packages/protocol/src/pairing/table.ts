// The order of a pairing (spec §6, P-7, P-20 to P-26): which event leads from which phase to which, and what is done on the way. This is all there is:
// the machine follows it, spec/pairing-states.md is drawn from it. What each action does is actions.ts.

import { PAIRING_ANSWER_MS, PAIRING_STEP_MS, QR_LIFETIME_MS } from "../limits.ts";
import type { CellName } from "./cells.ts";
import type { PairingPhase } from "./state.ts";

/** The phases in which something can still happen. */
export type OpenPhase = Exclude<PairingPhase, "done" | "failed">;

/** What a row waits for: a message of the other side, one of ours safely on the board, or a person's or driver's word. */
export type Trigger = CellName | "M1 stored" | "M5 stored" | "code" | "approve" | "adopted";

/** What tells apart rows of the same phase and trigger. */
export type Guard = "give" | "receive" | "asks for a reply" | "asks for none";

/** What a row does; actions.ts has one function for each. */
export type Action =
  | "answer"
  | "acceptAsGiver"
  | "acceptAsReceiver"
  | "proceed"
  | "openAsGiver"
  | "openAsReceiver"
  | "recognize"
  | "compareCode"
  | "handOver"
  | "askReply"
  | "takePayload"
  | "compareReply"
  | "acknowledge"
  | "conclude"
  | "finish";

/** In phase `from`, on trigger `on` (and if `when` holds): do `run`, go to `to`. Whatever fails on the way leads to `failed` instead. */
export interface Row {
  readonly from: OpenPhase;
  readonly on: Trigger;
  readonly when?: Guard;
  readonly run: Action;
  readonly to: OpenPhase | "done";
}

/** Every step forward. */
export const table: readonly Row[] = [
  // The side that displays the code.
  { from: "waiting", on: "M1", run: "answer", to: "answered" },
  { from: "answered", on: "M3", when: "give", run: "acceptAsGiver", to: "comparing" },
  { from: "answered", on: "M3", when: "receive", run: "acceptAsReceiver", to: "showing" },
  // The side that reads it. It goes on only when the first message is surely its own: another reader may have been faster.
  { from: "claiming", on: "M1 stored", run: "proceed", to: "claimed" },
  { from: "claimed", on: "M2", when: "give", run: "openAsGiver", to: "recognizing" },
  { from: "claimed", on: "M2", when: "receive", run: "openAsReceiver", to: "showing" },
  { from: "recognizing", on: "M3'", run: "recognize", to: "comparing" },
  // The giver, on whichever side.
  { from: "comparing", on: "code", run: "compareCode", to: "approving" },
  { from: "approving", on: "approve", run: "handOver", to: "sent" },
  { from: "sent", on: "M5", run: "conclude", to: "done" },
  // The receiver, on whichever side.
  { from: "showing", on: "M4", when: "asks for a reply", run: "askReply", to: "replying" },
  { from: "showing", on: "M4", when: "asks for none", run: "takePayload", to: "adopting" },
  { from: "replying", on: "code", run: "compareReply", to: "adopting" },
  { from: "adopting", on: "adopted", run: "acknowledge", to: "acknowledging" },
  { from: "acknowledging", on: "M5 stored", run: "finish", to: "done" },
];

/** How long each phase lasts at most, ms: where one side waits for people at the other, the sum of what they may take. */
export const lasts: Readonly<Record<OpenPhase, number>> = {
  waiting: QR_LIFETIME_MS,
  answered: PAIRING_ANSWER_MS,
  claiming: PAIRING_ANSWER_MS,
  claimed: PAIRING_ANSWER_MS,
  recognizing: PAIRING_ANSWER_MS,
  comparing: PAIRING_STEP_MS,
  approving: PAIRING_STEP_MS,
  showing: PAIRING_ANSWER_MS + 2 * PAIRING_STEP_MS,
  replying: PAIRING_STEP_MS,
  adopting: PAIRING_STEP_MS,
  acknowledging: PAIRING_STEP_MS,
  sent: PAIRING_ANSWER_MS + 3 * PAIRING_STEP_MS,
};

/** The phases in which nothing happens any more. */
export const ended: ReadonlySet<PairingPhase> = new Set(["done", "failed"]);

/**
 * The phases in which an end is written to this side's stop cell, so that the other side ends at once. Before them nobody is known to be
 * there, and a reader whose first message was refused must not end somebody else's run; after the acknowledgement it would contradict it.
 */
export const writesStop: ReadonlySet<PairingPhase> = new Set([
  "answered",
  "claimed",
  "recognizing",
  "comparing",
  "approving",
  "sent",
  "showing",
  "replying",
  "adopting",
]);

/** The phases in which the other side's stop cell counts. Before, a run of its own has not begun. */
export const readsStop: ReadonlySet<PairingPhase> = new Set([...writesStop, "acknowledging"]);

/** The phases from which on the payload may be known to the receiver. */
export const handedOver: ReadonlySet<PairingPhase> = new Set(["sent", "adopting", "acknowledging"]);
