// The machine that runs a pairing (spec §6): state in; new state and effects out. Follows table.ts; keeps cells that come before their
// turn, drops repeated and damaged ones, ends a run at its limits. Takes the rule for openings, so that attack tests can weaken it; the
// door of the package (pairing.ts) always passes the one that is right.

import { equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { openCell } from "../stream/cell.ts";
import { type Outcome, type Scene, actions, append, typedDigits } from "./actions.ts";
import { type CellName, cellNumbers, cellsToRead } from "./cells.ts";
import type { OpeningRule } from "./commitment.ts";
import type { PairingEffect, PairingEvent, PairingFailure } from "./events.ts";
import type { PairingRun, PairingState } from "./state.ts";
import { encodeStop, failureTexts, readStop, stopCell } from "./stops.ts";
import { type Guard, type Row, type Trigger, ended, handedOver, lasts, readsStop, table, writesStop } from "./table.ts";

/** What one step gives. */
export interface PairingStep {
  readonly state: PairingState;
  readonly effects: readonly PairingEffect[];
}

/** The rule that D holds openings to. */
export interface Rules {
  readonly opening: OpeningRule;
}

/** One step, `now` in ms. `argument/invalid`, `message/too-large`, `pairing/code-malformed` for a word out of turn or out of bounds: the state stays. */
export function advance(p: Primitives, rules: Rules, state: PairingState, event: PairingEvent, now: number): PairingStep {
  if (ended.has(state.phase)) return { state, effects: [] };
  if (now >= state.expires) return end(p, state, "pairing/expired");
  switch (event.type) {
    case "cell":
      return readCell(p, rules, state, event, now);
    case "appended":
      return written(p, rules, state, event, now);
    case "code":
      return word(p, rules, state, "code", typedDigits(event.digits), now);
    case "approve":
      return word(p, rules, state, "approve", event.payload, now);
    case "adopted":
      return word(p, rules, state, "adopted", NOTHING, now);
    case "cancel":
      return end(p, state, "pairing/cancelled");
    case "tick":
      return { state, effects: [] };
  }
}

const NOTHING = new Uint8Array(0);

const guards: Readonly<Record<Guard, (state: PairingState) => boolean>> = {
  give: (state) => state.role === "give",
  receive: (state) => state.role === "receive",
  "asks for a reply": (state) => state.asksReply,
  "asks for none": (state) => !state.asksReply,
};

function readCell(p: Primitives, rules: Rules, state: PairingState, cell: { tag: Uint8Array; body: Uint8Array }, now: number): PairingStep {
  const name = cellsToRead(state.side, state.role).find((it) => equalBytes(state.run.addresses[it].tag, cell.tag));
  if (name === undefined || state.run.cells.has(name)) return { state, effects: [] };
  const payload = openPayload(p, state, name, cell.body);
  if (payload === undefined) return { state, effects: [] };
  const cells = new Map(state.run.cells).set(name, payload);
  return drain(p, rules, { state: { ...state, run: { ...state.run, cells } }, effects: [] }, now);
}

/** A cell that does not fully verify counts as absent (spec §4). */
function openPayload(p: Primitives, state: PairingState, name: CellName, body: Uint8Array): Uint8Array | undefined {
  try {
    const { kind, payload } = openCell(p, state.run.addresses[name], body);
    return kind === "pairing" ? payload : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** What the relay made of one of our cells. */
function written(
  p: Primitives,
  rules: Rules,
  state: PairingState,
  event: Extract<PairingEvent, { type: "appended" }>,
  now: number,
): PairingStep {
  const reads = cellsToRead(state.side, state.role);
  const name = cellNames.find((it) => !reads.includes(it) && equalBytes(state.run.addresses[it].tag, event.tag));
  if (name === undefined) return { state, effects: [] };
  if (event.result === "conflict") return end(p, state, name === "M1" ? "pairing/already-used" : "pairing/aborted");
  const row = rowFor(state, `${name} stored` as Trigger);
  if (row === undefined) return { state, effects: [] };
  return drain(p, rules, follow(p, rules, state, row, NOTHING, now), now);
}

const cellNames = Object.keys(cellNumbers) as readonly CellName[];

/** A person's or the driver's word: refused when it comes out of turn, and the state stays as it was. */
function word(p: Primitives, rules: Rules, state: PairingState, trigger: Trigger, input: Uint8Array, now: number): PairingStep {
  const row = rowFor(state, trigger);
  if (row === undefined) throw new ProtocolError("argument/invalid", `a pairing that is ${state.phase} does not expect "${trigger}"`);
  return drain(p, rules, follow(p, rules, state, row, input, now), now);
}

/** Follows the table for as long as cells are there that it waits for; then looks whether the other side has stopped. */
function drain(p: Primitives, rules: Rules, step: PairingStep, now: number): PairingStep {
  const { state } = step;
  for (const [name, payload] of state.run.cells) {
    const row = rowFor(state, name);
    if (row === undefined) continue;
    const next = follow(p, rules, state, row, payload, now);
    return drain(p, rules, { state: next.state, effects: [...step.effects, ...next.effects] }, now);
  }
  const stopped = readsStop.has(state.phase) ? readStop(p, state.side, state.run) : undefined;
  if (stopped === undefined) return step;
  const last = end(p, state, stopped, "without a word");
  return { state: last.state, effects: [...step.effects, ...last.effects] };
}

function rowFor(state: PairingState, trigger: Trigger): Row | undefined {
  return table.find((row) => row.from === state.phase && row.on === trigger && (row.when === undefined || guards[row.when](state)));
}

/** One row of the table. A message of the other side that is refused on the way ends the run. */
function follow(p: Primitives, rules: Rules, state: PairingState, row: Row, input: Uint8Array, now: number): PairingStep {
  const outcome = act({ p, rule: rules.opening, state, input }, row);
  if ("end" in outcome) return end(p, state, outcome.end);
  const run: PairingRun = { ...state.run, ...outcome.run };
  if (row.to === "done") wipe(run);
  const expires = row.to === "done" ? state.expires : now + lasts[row.to];
  return { state: { ...state, phase: row.to, expires, run }, effects: outcome.effects };
}

function act(scene: Scene, row: Row): Outcome {
  try {
    return actions[row.run](scene);
  } catch (error) {
    if (error instanceof ProtocolError && error.blame === "peer") return { end: "pairing/aborted" };
    throw error;
  }
}

/** Ends a run: tells the other side, unless it was the one that told us, and erases what is spent. */
function end(p: Primitives, state: PairingState, code: PairingFailure, how: "with a word" | "without a word" = "with a word"): PairingStep {
  const effects: PairingEffect[] = [];
  if (how === "with a word" && writesStop.has(state.phase)) {
    effects.push(append({ p, state }, stopCell(state.side), encodeStop(p, state.side, state.run, code)));
  }
  effects.push({ type: "failed", code, message: failureTexts[code], handedOver: handedOver.has(state.phase) });
  wipe(state.run);
  return { state: { ...state, phase: "failed" }, effects };
}

/** Earlier values of the state share these secrets: a run that ended cannot be continued from any of them. */
function wipe(run: PairingRun): void {
  for (const secret of [run.qr.psk, run.qr.bytes, run.exchangeKey, run.kemSeed, run.nonce, run.opener]) secret.wipe();
  for (const { cellKey } of Object.values(run.addresses)) cellKey.wipe();
  if (run.keys === undefined) return;
  for (const secret of [run.keys.prk, run.keys.codes.compare, run.keys.codes.reply]) secret.wipe();
}
