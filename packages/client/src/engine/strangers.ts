// A person's answer to a stranger who asks. Takes the stranger's id; `argument/invalid` when the request was answered already. Not a concern
// here: what follows for the contact (contact-phases.ts).

import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { acceptRequest, refuseRequest } from "./contact-phases.ts";
import { releaseHeld } from "./receive.ts";
import type { Transaction } from "./transaction.ts";

/** Opens the contact, and shows what they wrote meanwhile. */
export async function acceptStranger(tx: Transaction, id: ContactId): Promise<void> {
  requireWaiting(tx, id);
  await acceptRequest(tx, id);
  await releaseHeld(tx);
}

/** Turns a stranger away; with `block` for good. */
export async function declineStranger(tx: Transaction, id: ContactId, block: boolean): Promise<void> {
  requireWaiting(tx, id);
  await refuseRequest(tx, id, block ? "blocked" : "declined");
}

function requireWaiting(tx: Transaction, id: ContactId): void {
  if (tx.contacts.get(id)?.phase !== "request") {
    throw new MessengerError("argument/invalid", { reason: "this request was answered already" });
  }
}
