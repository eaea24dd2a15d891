// Comparing safety numbers: what two people look at, and what a scan of the other's code says. Loaded when somebody compares. Takes account
// keys; gives numbers and results. Not a concern here: what follows for the contact (engine/contact-changes.ts).

import { compareSafetyCode, type PublicKey, safetyCode, safetyNumber } from "@sotto/protocol";
import type { ContactId, SafetyNumber, ScanResult } from "./api.ts";
import { later } from "./later.ts";
import type { Views } from "./views.ts";

const GROUP = /\d{5}/g;

/** The safety number of my account and another one. */
export async function numberBetween({ engine }: Views, theirs: PublicKey): Promise<SafetyNumber> {
  const { primitives, state } = engine;
  const ours = state.self.account as PublicKey;
  const digits = safetyNumber(primitives, ours, theirs);
  const { makeQr } = await later.drawing();
  return { digits, groups: digits.match(GROUP) ?? [], qr: makeQr(safetyCode(primitives, ours, theirs)) };
}

/** What the code that was scanned says about a contact, who has the account key `theirs`. */
export function compareScan({ engine }: Views, id: ContactId, theirs: PublicKey, qrText: string): ScanResult {
  const { self, contacts } = engine.state;
  const ours = self.account as PublicKey;
  const others = [...contacts.values()].filter((contact) => contact.id !== id).map(({ account }) => account as PublicKey);
  const result = compareSafetyCode(engine.primitives, qrText, ours, theirs, [ours, ...others]);
  return result === "other" ? "other-contact" : result === "no-code" ? "not-a-safety-code" : result;
}
