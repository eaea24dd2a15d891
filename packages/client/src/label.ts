// The label of a store: which account it holds, readable without the passphrase (only the platform's keeper seals it).

import { decodeCborObjects, encodeCbor } from "@sotto/encoding";
import type { AccountSummary } from "./api.ts";
import { MessengerError } from "./errors.ts";

/** The label of an account. */
export function labelOf({ id, name }: AccountSummary): Uint8Array {
  return encodeCbor({ id, name });
}

/** What a label says. `storage/corrupt`. */
export function readLabel(label: Uint8Array): AccountSummary {
  try {
    const { id, name } = decodeCborObjects(label) as AccountSummary;
    if (typeof id === "string" && typeof name === "string") return { id, name };
  } catch {
    // Reported below: there is one thing to say.
  }
  throw new MessengerError("storage/corrupt", { what: "its label cannot be read" });
}
