// How a run ends before its time (spec §6, P-24 to P-27): what each side tells the other in its stop cell, and what people are told. Takes
// and gives reasons. When a stop is written and read is table.ts.

import { equalBytes } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";
import type { PairingFailure } from "./events.ts";
import { openMessage, sealMessage } from "./keys.ts";
import type { PairingSide } from "./events.ts";
import type { PairingRun } from "./state.ts";

/** One byte under AEAD_k: what the other side does with it. */
const reasons: Readonly<Record<"cancelled" | "code-mismatch" | "expired" | "refused", number>> = {
  cancelled: 1,
  "code-mismatch": 2,
  expired: 3,
  refused: 4,
};

/** The payload of a side that stops before it has keys. Whoever saw the QR code can write it, as they can occupy any other cell. */
const BARE = Uint8Array.of(0);

const ownCell = { display: "stop D", scan: "stop C" } as const;
const otherCell = { display: "stop C", scan: "stop D" } as const;

/** The payload that tells the other side how this one ended. */
export function encodeStop(p: Primitives, side: PairingSide, run: PairingRun, failure: PairingFailure): Uint8Array {
  if (run.keys === undefined) return BARE;
  const name = ownCell[side];
  return sealMessage(p, run.keys, name, run.addresses[name], Uint8Array.of(reasonOf(failure)));
}

/** Why the other side stopped, if it did. What does not verify counts as absent. */
export function readStop(p: Primitives, side: PairingSide, run: PairingRun): PairingFailure | undefined {
  const name = otherCell[side];
  const payload = run.cells.get(name);
  if (payload === undefined) return undefined;
  if (equalBytes(payload, BARE)) return run.recognized ? undefined : "pairing/aborted";
  const opened = run.keys === undefined ? undefined : openMessage(p, run.keys, name, run.addresses[name], payload);
  if (opened === undefined) return undefined;
  switch (opened[0]) {
    case reasons.cancelled:
      return "pairing/denied";
    case reasons["code-mismatch"]:
      return "pairing/code-mismatch";
    case reasons.expired:
      return "pairing/expired";
    default:
      return "pairing/aborted";
  }
}

/** The cell in which a side stops a run. */
export const stopCell = (side: PairingSide): "stop C" | "stop D" => ownCell[side];

/** What happened and what to do, for people. */
export const failureTexts: Readonly<Record<PairingFailure, string>> = {
  "pairing/expired": "The code is no longer valid, or nobody answered in time. Show a new code and begin again.",
  "pairing/already-used": "This code was already used, and not by this device. Cancel on the other device and show a new code.",
  "pairing/code-mismatch": "The digits do not match. Nothing was sent. Begin again, and type exactly what the other screen shows.",
  "pairing/cancelled": "Stopped on this device.",
  "pairing/denied": "The other device said no.",
  "pairing/aborted":
    "The devices could not agree, or somebody interfered. Nothing was accepted. Show a new code where nobody else sees it.",
};

function reasonOf(failure: PairingFailure): number {
  switch (failure) {
    case "pairing/cancelled":
      return reasons.cancelled;
    case "pairing/code-mismatch":
      return reasons["code-mismatch"];
    case "pairing/expired":
      return reasons.expired;
    default:
      return reasons.refused;
  }
}
