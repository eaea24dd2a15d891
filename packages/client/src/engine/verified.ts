// What does not verify counts as absent, or is reported: reading something of another side, whose errors say what was wrong with it. Not a
// concern here: verifying (protocol).

import { ProtocolError } from "@sotto/protocol";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import type { Transaction } from "./transaction.ts";

/** What `read` gives; `undefined` when that does not verify. */
export function ifVerified<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** Runs what verifies something of the other side's; what does not verify changes nothing and is reported. */
export async function verified(tx: Transaction, take: () => void | Promise<void>): Promise<void> {
  try {
    await take();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const reported = asMessengerError(error);
    const isIdentity = reported.code.startsWith("identity/");
    tx.happened({
      type: "error",
      error: isIdentity ? reported : new MessengerError("identity/invalid", { what: error.message }, { cause: error }),
    });
  }
}
