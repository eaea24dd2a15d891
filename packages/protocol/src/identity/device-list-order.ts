// Which of two verified device lists of an account holds, and what changed between them (spec §2). Rollback, forks and jumps are told apart
// here; what the person is told about them, is the client's concern.

import { compareBytes, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { RECOVERY_VERSION_STEP } from "../limits.ts";
import type { DeviceEntry } from "./device.ts";
import type { DeviceList } from "./device-list.ts";

/**
 * - `same`: one and the same content.
 * - `newer`: replaces the known list.
 * - `older`: a rollback or a late arrival; keep the known list.
 * - `fork-keep`, `fork-replace`: two contents of one version, so two who sign; the higher hash holds, so that all who see both agree.
 */
export type DeviceListOrder = "same" | "newer" | "older" | "fork-keep" | "fork-replace";

/**
 * How `next` stands to the list we hold. `identity/id-reused` when it would replace that list and gives a known id to another key, unless the
 * account was restored: who has only the words may not know which ids were given away. `argument/invalid` for lists of two accounts.
 */
export function compareDeviceLists(known: DeviceList, next: DeviceList): DeviceListOrder {
  if (!equalBytes(known.account, next.account)) throw new ProtocolError("argument/invalid", "the device lists are of two accounts");
  const order = orderOf(known, next);
  if (order === "fork-replace" || (order === "newer" && !isRestored(known, next))) refuseReusedIds(known, next);
  return order;
}

/** What a person is told when `next` replaces `known`. */
export interface DeviceListChange {
  readonly added: readonly DeviceEntry[];
  readonly removed: readonly DeviceEntry[];
  /** Lists in between were never seen here: devices may have come and gone. */
  readonly jumped: boolean;
  /** The account was restored from its words: by its person, or by who has got hold of them. */
  readonly restored: boolean;
}

/** The devices that came and went between two lists. */
export function deviceListChange(known: DeviceList, next: DeviceList): DeviceListChange {
  return {
    added: missingFrom(known, next.entries),
    removed: missingFrom(next, known.entries),
    jumped: next.version !== known.version + 1 || !equalBytes(next.previous, known.hash),
    restored: isRestored(known, next),
  };
}

function isRestored(known: DeviceList, next: DeviceList): boolean {
  return next.version - known.version >= RECOVERY_VERSION_STEP / 2;
}

function orderOf(known: DeviceList, next: DeviceList): DeviceListOrder {
  if (next.version !== known.version) return next.version > known.version ? "newer" : "older";
  const order = compareBytes(next.hash, known.hash);
  if (order === 0) return "same";
  return order > 0 ? "fork-replace" : "fork-keep";
}

function refuseReusedIds(known: DeviceList, next: DeviceList): void {
  for (const entry of next.entries) {
    const before = known.entries.find((other) => other.id === entry.id);
    if (before !== undefined && !equalBytes(before.key, entry.key)) {
      throw new ProtocolError("identity/id-reused", `device id ${entry.id} was given to another key`, { id: entry.id });
    }
  }
}

function missingFrom(list: DeviceList, entries: readonly DeviceEntry[]): readonly DeviceEntry[] {
  return entries.filter((entry) => !list.entries.some((other) => equalBytes(other.key, entry.key)));
}
