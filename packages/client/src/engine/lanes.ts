// Lanes on which others introduce themselves to this device: request lanes of known accounts, claim slots of open invites, and this account's
// public address. Watches and unwatches their tags. Not a concern here: opening what arrives there (meeting.ts).

import {
  addressPrefixes,
  ADDRESS_PREFIX_LENGTH,
  cellAddress,
  claimAddress,
  type PublicKey,
  requestStream,
  Secret,
  utcDay,
} from "@sotto/protocol";
import type { Primitives } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { InviteRecord } from "../records/invite-record.ts";
import { LANE_LENGTH } from "../limits.ts";
import { ByteMap } from "./byte-map.ts";
import { watchSession } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Everything that the records say is to be watched; once, when an account is opened. */
export function watchEverything(tx: Transaction): void {
  for (const session of tx.sessions.values()) watchSession(tx, session);
  for (const contact of tx.contacts.values()) watchContactLane(tx, contact);
  watchOwnLane(tx);
  for (const invite of tx.invites.values()) watchInvite(tx, invite);
}

/** Nothing of what the records say is watched any more: they are about to be replaced. */
export function unwatchEverything(tx: Transaction): void {
  for (const { session } of tx.sessions.values()) for (const tag of session.watched()) tx.tags.unwatch(tag);
  for (const { account, ourRequestKey, formerKeys } of tx.contacts.values()) {
    for (const { key } of [...formerKeys, { key: ourRequestKey }]) unwatchKey(tx, account, key);
  }
  const { account, requestKey, formerKeys, restoreRoot } = tx.self;
  for (const { key } of [...formerKeys, { key: requestKey }]) unwatchKey(tx, account, key);
  eachAddress(tx, restoreRoot, (tag) => tx.tags.unwatch(tag));
  for (const invite of tx.invites.values()) unwatchInvite(tx, invite);
}

/** The addresses on which a contact's new devices introduce themselves. */
export function watchContactLane(tx: Transaction, contact: ContactRecord): void {
  if (contact.phase !== "open" && contact.phase !== "asking") return;
  for (const { key } of [...contact.formerKeys, { key: contact.ourRequestKey }]) {
    watchLane(tx, contact.id, rootOf(tx, contact.account, key));
  }
}

/** The addresses on which this account's own new devices introduce themselves. */
export function watchOwnLane(tx: Transaction): void {
  const { id, account, requestKey, formerKeys, restoreRoot } = tx.self;
  const roots = [...formerKeys, { key: requestKey }].map(({ key }) => rootOf(tx, account, key));
  for (const root of [...roots, restoreRoot]) watchLane(tx, id as string as ContactId, root);
}

/** Stops watching a lane whose key has served its time. */
export function unwatchKey(tx: Transaction, account: Uint8Array, requestKey: Uint8Array): void {
  eachAddress(tx, rootOf(tx, account, requestKey), (tag) => tx.tags.unwatch(tag));
}

/** The claim slots of an invite that has uses left. */
export function watchInvite(tx: Transaction, invite: InviteRecord): void {
  eachSlot(tx, invite, (tag, slot) => tx.tags.watch(tag, { kind: "claim", invite: invite.id, slot }));
}

/** Stops watching an invite. */
export function unwatchInvite(tx: Transaction, invite: InviteRecord): void {
  eachSlot(tx, invite, (tag) => tx.tags.unwatch(tag));
}

/** Which tags are of a public address: the prefixes of the days around now, computed once a day. */
export class AddressWatch {
  readonly #primitives: Primitives;
  readonly #account: PublicKey;
  #day = -1;
  #prefixes = new ByteMap<true>();

  constructor(p: Primitives, account: PublicKey) {
    this.#primitives = p;
    this.#account = account;
  }

  matches(tag: Uint8Array, now: number): boolean {
    if (utcDay(now) !== this.#day) {
      this.#day = utcDay(now);
      this.#prefixes = new ByteMap();
      for (const prefix of addressPrefixes(this.#primitives, this.#account, now)) this.#prefixes.set(prefix, true);
    }
    return this.#prefixes.has(tag.subarray(0, ADDRESS_PREFIX_LENGTH));
  }
}

/**
 * A lane has a fixed number of addresses, all watched always: its writers are devices that know nothing of each other, so they take the first
 * one that is free, and the board frees an address when its cell expires.
 */
function watchLane(tx: Transaction, account: ContactId, root: Uint8Array): void {
  eachAddress(tx, root, (tag, index) => tx.tags.watch(tag, { kind: "introduction", account, root, index }));
}

function eachAddress(tx: Transaction, root: Uint8Array, visit: (tag: Uint8Array, index: number) => void): void {
  const secret = new Secret(root);
  for (let index = 0; index < LANE_LENGTH; index++) visit(cellAddress(tx.p, secret, index).tag, index);
}

/** The root of the lane on which an account's devices introduce themselves to this one. */
function rootOf(tx: Transaction, sender: Uint8Array, requestKey: Uint8Array): Uint8Array {
  return requestStream(tx.p, new Secret(requestKey), sender as PublicKey, tx.device.keys.publicKey).expose();
}

function eachSlot(tx: Transaction, invite: InviteRecord, visit: (tag: Uint8Array, slot: number) => void): void {
  for (let slot = 0; slot < invite.uses; slot++) {
    visit(claimAddress(tx.p, new Secret(invite.requestKey), slot).tag, slot);
  }
}
