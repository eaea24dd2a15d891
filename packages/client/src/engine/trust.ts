// How far a contact's safety number can be trusted (spec I-21). The account key never changes: what can be stolen are the words, and whoever
// has them signs device lists. A list that shows that the words were used elsewhere raises an alarm, until the person says what they make of
// it. Takes contacts and lists; changes nothing but what is remembered of alarms. Not a concern here: which list holds (device-lists.ts).

import type { DeviceList, DeviceListChange } from "@sotto/protocol";
import type { Trust } from "../api.ts";
import { MessengerError } from "../errors.ts";
import { MAX_FORKS } from "../limits.ts";
import type { ContactRecord } from "../records/contact-record.ts";

type Assessed = Pick<ContactRecord, "verified" | "assessed" | "alarmed">;

/** What is shown of a contact. */
export function trustIn({ verified, assessed, alarmed }: Assessed): Trust {
  if (alarmed > assessed) return verified ? "changed-after-verified" : "changed";
  return verified ? "verified" : "unverified";
}

/**
 * The alarm that a list raises, seen beside the one that is held: one more list of its version, besides which `forks` were seen, or an account that
 * was restored.
 */
export function alarmOf(next: DeviceList, { forks, restored }: { forks: number } & Pick<DeviceListChange, "restored">): number {
  return forks > 0 || restored ? moment(next.version, forks) : 0;
}

/** What a person says of a version is said of the lists that were seen by then: one more of that version is asked about again. */
function moment(version: number, forks: number): number {
  return version * (MAX_FORKS + 1) + forks;
}

/** A person stands by their judgement, or changes it, with all alarms so far in mind. */
export function assessment({ list, alarmed }: ContactRecord, verified: boolean): Assessed {
  return { verified, assessed: Math.max(moment(list.version, 0), alarmed), alarmed };
}

/** Refuses to write to somebody who was verified and about whom there is an alarm: `identity/changed`. */
export function requireNoAlarm(contact: ContactRecord): void {
  if (trustIn(contact) === "changed-after-verified") throw new MessengerError("identity/changed", { contact: contact.id });
}
