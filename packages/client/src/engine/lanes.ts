// Lanes on which others introduce themselves to this device: request lanes of known accounts, claim slots of open invites, and this account's
// public address. Watches and unwatches their tags. Not a concern here: opening what arrives there (meeting.ts).

import { addressPrefixes, ADDRESS_PREFIX_LENGTH, claimAddress, type PublicKey, requestWindow, Secret, utcDay } from "@sotto/protocol";
import type { Primitives } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import type { ContactRecord } from "../records/contact-record.ts";
import type { InviteRecord } from "../records/invite-record.ts";
import { hex } from "./hex.ts";
import { watchSession } from "./sessions.ts";
import type { Transaction } from "./transaction.ts";

/** Everything that the records say is to be watched; once, when an account is opened. */
export function watchEverything(tx: Transaction): void {
  for (const session of tx.sessions.values()) watchSession(tx, session);
  for (const contact of tx.contacts.values()) watchContactLane(tx, contact);
  watchOwnLane(tx);
  for (const invite of tx.invites.values()) watchInvite(tx, invite);
}

/** The next introductions of a contact's devices. Those below stay watched until they are forgotten with the contact. */
export function watchContactLane(tx: Transaction, contact: ContactRecord): void {
  if (contact.phase !== "open" && contact.phase !== "asking") return;
  watchLane(tx, contact.id, contact.account as PublicKey, contact.ourRequestKey, contact.introductions);
}

/** The next introductions of this account's own devices. */
export function watchOwnLane(tx: Transaction): void {
  const { id, account, requestKey, introductions } = tx.self;
  watchLane(tx, id as string as ContactId, account as PublicKey, requestKey, introductions);
}

/** The claim slots of an invite that are still free. */
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
  #prefixes: ReadonlySet<string> = new Set();

  constructor(p: Primitives, account: PublicKey) {
    this.#primitives = p;
    this.#account = account;
  }

  matches(tag: Uint8Array, now: number): boolean {
    if (utcDay(now) !== this.#day) {
      this.#day = utcDay(now);
      this.#prefixes = new Set(addressPrefixes(this.#primitives, this.#account, now).map(hex));
    }
    return this.#prefixes.has(hex(tag.subarray(0, ADDRESS_PREFIX_LENGTH)));
  }
}

function watchLane(tx: Transaction, account: ContactId, sender: PublicKey, requestKey: Uint8Array, next: number): void {
  const own = tx.state.device.keys.publicKey;
  requestWindow(tx.p, new Secret(requestKey), sender, own, next).forEach(({ tag }, ahead) => {
    tx.tags.watch(tag, { kind: "introduction", account, index: next + ahead });
  });
}

function eachSlot(tx: Transaction, invite: InviteRecord, visit: (tag: Uint8Array, slot: number) => void): void {
  for (let slot = 0; slot < invite.uses; slot++) {
    if (!invite.claimed.includes(slot)) visit(claimAddress(tx.p, new Secret(invite.requestKey), slot).tag, slot);
  }
}
