// Meeting people: invites, the public address, requests.

import type { Conversation } from "./conversations.ts";
import type { Qr, SafetyNumber } from "./people.ts";
import type { Cancellable, ContactId, Duration, Live, Profile } from "./values.ts";

/** Links by which people meet. */
export interface Invites {
  /**
   * A link whose secret is in the fragment and never reaches a server. Single use, 7 days, by default (at most 14 days, 20 uses:
   * `argument/invalid`). A relay keeps it: `relay/unreachable`.
   */
  create(options?: { uses?: number; expiresIn?: Duration } & Cancellable): Promise<Invite>;
  /**
   * Accepts a link or QR text. Resolves to a conversation one can send to at once, even if the other side is away. `inPerson`: the code was
   * read off the other person's own screen; that verifies them, which a link that travelled does not.
   * `invite/invalid`, `invite/expired`, `invite/used`, `invite/self`, `relay/unreachable`.
   */
  accept(invite: string | URL, options?: { inPerson?: boolean } & Cancellable): Promise<Conversation>;
  /** Look before you leap: who made it and until when. Writes nothing. Fails as `accept` does. */
  preview(invite: string | URL, options?: Cancellable): Promise<InvitePreview>;
  /** My open ones. */
  readonly list: Live<readonly Invite[]>;
}

/** An invite of mine. */
export interface Invite {
  id: string;
  url: string;
  qr: Qr;
  expires: Date;
  usesLeft: number;
}

/** What an invite says before it is accepted. */
export interface InvitePreview {
  kind: "direct";
  name: string;
  id: ContactId;
  expires: Date;
  relay: URL;
}

/** The public key uploaded to the server and shared with the world: who knows the id or the handle can write. */
export interface PublicAddress {
  readonly state: Live<{ published: boolean; handle?: string }>;
  /**
   * Puts the account's devices into the relay's directory, under its id and, if given, under a handle (3-32 of a-z 0-9 _).
   * `address/handle-taken`, `address/invalid`, `device/not-root`, `relay/unreachable`.
   */
  publish(options?: { handle?: string } & Cancellable): Promise<void>;
  /**
   * Finds a published account by id (`sotto1…`) or handle (`@alice`). Writes nothing. `address/not-found`, `address/invalid`,
   * `relay/unreachable`.
   */
  find(who: string, options?: Cancellable): Promise<Found>;
}

/** Somebody who was found; nothing was written yet. */
export interface Found {
  readonly id: ContactId;
  /** The handle the relay named it by: the relay's word, unverified until safety numbers are compared. */
  readonly handle?: string;
  readonly safetyNumber: SafetyNumber;
  /** Opens a conversation; the first message asks the other side to accept. */
  conversation(options?: Cancellable): Promise<Conversation>;
}

/** A stranger who asks to talk to me. What they write meanwhile is held, 100 messages at most. */
export interface ContactRequest {
  readonly id: ContactId;
  readonly from: Profile;
  readonly received: Date;
  /** Opens the conversation, with what they wrote. `argument/invalid` when it was answered already. */
  accept(options?: Cancellable): Promise<Conversation>;
  /** Turns them away; they are not told. `block`: what they send from now on is hidden too. */
  decline(options?: { block?: boolean } & Cancellable): Promise<void>;
}
