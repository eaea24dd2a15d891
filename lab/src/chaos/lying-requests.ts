// What a relay that lies makes of requests: loses them or their answers, repeats them, at once or seconds later, answers out of turn, refuses
// for a moment, answers garbage, claims that a tag is taken. Takes a request and the honest relay behind it; gives an answer, or none (the
// connection is then cut). Claiming to have stored what is not, and refusing for good, take messages away for ever: not here. Not a concern
// here: connections.

import { CELLS_PATH, encodeAppendResults, encodeFailure, WireError } from "@sotto/wire";
import type { Faults } from "./faults.ts";

/** A request as it came. */
export interface RequestSeen {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The honest relay, and how time passes. */
export interface Behind {
  /** Rejects when the relay is dead. */
  ask(request: RequestSeen): Promise<Answer>;
  later(delayMs: number, run: () => void): void;
  wait(delayMs: number): Promise<void>;
}

/** Answers as a relay that lies; `undefined`: not at all. */
export async function answerLying(request: RequestSeen, faults: Faults, behind: Behind): Promise<Answer | undefined> {
  if (faults.strikes("delay")) await behind.wait(faults.between(1, 1_000));
  if (faults.strikes("lost request")) return undefined;
  if (faults.strikes("refusal")) return refusal(faults);
  const isAppend = request.path === CELLS_PATH && request.method === "POST";
  if (isAppend && faults.strikes("false conflict")) return conflict();
  if (isAppend && faults.strikes("repeat")) await behind.ask(request);
  const answer = await behind.ask(request);
  if (isAppend && faults.strikes("echo")) {
    behind.later(faults.between(100, 5_000), () => void behind.ask(request).catch(() => undefined));
  }
  if (faults.strikes("lost answer")) return undefined;
  if (faults.strikes("garbage answer")) return { ...answer, body: faults.bytes(faults.between(0, 200)) };
  if (isAppend && faults.strikes("false conflict after storing")) return conflict();
  return answer;
}

function refusal(faults: Faults): Answer {
  const code = (["relay/busy", "relay/rate-limited", "relay/internal"] as const)[faults.between(0, 2)] ?? "relay/busy";
  const error = new WireError(code, "so it says", { retryAfter: 1 });
  return { status: error.status, headers: CBOR, body: encodeFailure(error) };
}

function conflict(): Answer {
  return { status: 200, headers: CBOR, body: encodeAppendResults(["conflict"]) };
}

const CBOR = { "content-type": "application/cbor", "access-control-allow-origin": "*" } as const;
