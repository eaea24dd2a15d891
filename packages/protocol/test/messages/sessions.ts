// Sessions between people of tests: the ends of two devices, and hellos from one to the other through all that a first contact needs.

import type { OwnPrekeys } from "../../src/meeting/prekeys.ts";
import { findPrekeys, spendPrekeys } from "../../src/meeting/prekeys.ts";
import { type Bundle, prekeysOf } from "../../src/meeting/bundle.ts";
import type { OneTimePrekey } from "../../src/meeting/one-time-prekeys.ts";
import type { DeviceEntry, Device } from "../../src/identity/device.ts";
import type { Primitives } from "../../src/primitives/primitives.ts";
import { type Answered, RatchetSession, type SessionEnds } from "../../src/session/ratchet-session.ts";
import { serviceAddress } from "../../src/session/session-record.ts";
import { NOW, type Person } from "./people.ts";

/** A person's device by its place in the list. */
export interface End {
  readonly of: Person;
  readonly index: number;
}

/** The first device of a person, or another. */
export const end = (of: Person, index = 0): End => ({ of, index });

export const deviceAt = ({ of, index }: End): Device => of.devices[index] as Device;
export const entryAt = ({ of, index }: End): DeviceEntry => of.list.entries[index] as DeviceEntry;
export const prekeysAt = ({ of, index }: End): OwnPrekeys => of.prekeys[index] as OwnPrekeys;

/** The ends of a session as `ours` sees it. */
export function endsOf(p: Primitives, ours: End, theirs: End): SessionEnds {
  const { id, registrationId, keys } = deviceAt(ours);
  return {
    ours: { identity: keys, registrationId, address: serviceAddress(p, ours.of.account.publicKey, id) },
    theirs: { key: entryAt(theirs).key, address: serviceAddress(p, theirs.of.account.publicKey, entryAt(theirs).id) },
  };
}

/** Begins a session from the bundle in the other person's card. */
export function begin(
  p: Primitives,
  from: End,
  to: End,
  plaintext: Uint8Array,
  oneTime?: OneTimePrekey,
): { session: RatchetSession; hello: Uint8Array } {
  const prekeys = prekeysOf(p, to.of.card.bundles[to.index] as Bundle, entryAt(to), oneTime);
  return RatchetSession.start(endsOf(p, from, to)).initiate(p, prekeys, plaintext, NOW);
}

/** Opens a hello as a client does; `prekeys` are those left afterwards. */
export function answer(
  p: Primitives,
  session: RatchetSession,
  hello: Uint8Array,
  own: { readonly device: Device; readonly prekeys: OwnPrekeys },
): Answered & { readonly prekeys: OwnPrekeys } {
  const answered = session.answer(p, hello, (use) => findPrekeys(own.prekeys, own.device.keys, use));
  return { ...answered, prekeys: answered.used === undefined ? own.prekeys : spendPrekeys(own.prekeys, answered.used) };
}
