// Meeting people: invites, the public address, requests.

import type { Conversation } from "./conversations.ts";
import type { Qr, SafetyNumber } from "./people.ts";
import type { Cancellable, ContactId, Duration, Live, Profile } from "./values.ts";

export interface Invites {
  /** A link whose secret is in the fragment and never reaches a server. Single use, 7 days, by default (at most 14 days, 20 uses). */
  create(options?: { uses?: number; expiresIn?: Duration } & Cancellable): Promise<Invite>;
  /**
   * Accepts a link or QR text. Resolves to a conversation one can send to at once, even if the other side is away. `inPerson`: the code was
   * read off the other person's own screen; that verifies them, which a link that travelled does not.
   */
  accept(invite: string | URL, options?: { inPerson?: boolean } & Cancellable): Promise<Conversation>;
  /** Look before you leap: who made it and until when. Writes nothing. */
  preview(invite: string | URL, options?: Cancellable): Promise<InvitePreview>;
  readonly list: Live<readonly Invite[]>;
}

export interface Invite {
  id: string;
  url: string;
  qr: Qr;
  expires: Date;
  usesLeft: number;
}

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
  /** Puts the account's devices into the relay's directory, under its id and, if given, under a handle (3-32 of a-z 0-9 _). `address/handle-taken`. */
  publish(options?: { handle?: string } & Cancellable): Promise<void>;
  /** Finds a published account by id (`sotto1…`) or handle (`@alice`). `address/not-found`, `address/invalid`. Writes nothing. */
  find(who: string, options?: Cancellable): Promise<Found>;
}

export interface Found {
  readonly id: ContactId;
  /** The handle the relay named it by: the relay's word, unverified until safety numbers are compared. */
  readonly handle?: string;
  readonly safetyNumber: SafetyNumber;
  /** Opens a conversation; the first message asks the other side to accept. */
  conversation(options?: Cancellable): Promise<Conversation>;
}

export interface ContactRequest {
  readonly id: ContactId;
  readonly from: Profile;
  readonly received: Date;
  accept(options?: Cancellable): Promise<Conversation>;
  decline(options?: { block?: boolean } & Cancellable): Promise<void>;
}
