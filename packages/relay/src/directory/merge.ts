// Which of two verified records wins: the rule that makes the directory need no passwords. A list's version and a bundle's `issued` grow;
// the same again changes nothing; bundles of devices that left the list go; a prekey that was handed out stays handed out. Pure.
// Not its concern: signatures (verify.ts), storage.

import { WireError } from "@sotto/wire";
import type { VerifiedBundle, VerifiedPart, VerifiedRecord } from "../store/store.ts";
import { carryOver } from "./one-time-prekeys.ts";

/** What the store holds of an account. */
export type HeldRecord = Omit<VerifiedRecord, "account" | "devices">;

/** What the store holds afterwards. Throws `directory/stale`, `directory/conflict`, `directory/not-listed`. */
export function mergeRecord(held: HeldRecord | undefined, brought: VerifiedRecord): HeldRecord {
  const list = held === undefined ? brought.list : newer(held.list, brought.list, held.list.version, brought.list.version, "device list");
  const bundles = new Map((held?.bundles ?? []).map((bundle) => [bundle.device, bundle]));
  const seen = new Set<number>();
  for (const bundle of brought.bundles) {
    if (!brought.devices.includes(bundle.device)) throw new WireError("directory/not-listed", "a bundle's device is not in the list");
    if (seen.has(bundle.device)) throw new WireError("frame/invalid", "a record has two bundles of one device");
    seen.add(bundle.device);
    const known = bundles.get(bundle.device);
    bundles.set(bundle.device, known === undefined ? bundle : newerBundle(known, bundle));
  }
  return {
    list,
    bundles: [...bundles.values()].filter(({ device }) => brought.devices.includes(device)).sort((a, b) => a.device - b.device),
  };
}

function newerBundle(held: VerifiedBundle, brought: VerifiedBundle): VerifiedBundle {
  const kept = newer(held, brought, held.issued, brought.issued, "bundle");
  if (kept === held || held.oneTime === undefined || brought.oneTime === undefined) return kept;
  return { ...brought, oneTime: carryOver(held.oneTime, brought.oneTime) };
}

function newer<T extends VerifiedPart>(held: T, brought: T, heldAge: number, broughtAge: number, what: string): T {
  if (broughtAge > heldAge) return brought;
  if (broughtAge < heldAge) throw new WireError("directory/stale", `the relay holds a newer ${what}: fetch it and try again`);
  if (!sameSignedBytes(held, brought)) throw new WireError("directory/conflict", `the relay holds another ${what} of the same age`);
  return held;
}

function sameSignedBytes(a: VerifiedPart, b: VerifiedPart): boolean {
  if (a.signedLength !== b.signedLength) return false;
  for (let i = 0; i < a.signedLength; i++) if (a.bytes[i] !== b.bytes[i]) return false;
  return true;
}
