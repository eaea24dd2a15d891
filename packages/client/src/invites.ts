// Invites as apps see them: made, looked at, accepted. Takes links; talks to the relay that holds an invite's blob. Not a concern here: what
// claims do (engine/meeting.ts), what follows for a contact (engine/asking.ts).

import {
  accountId,
  type Invite as InviteLink,
  inviteKeys,
  inviteLink,
  type InviteOffer,
  MAX_INVITE_AGE_MS,
  MAX_INVITE_BLOB_LENGTH,
  MAX_INVITE_USES,
  newInviteSecret,
  openInviteBlob,
  parseInvite,
  type PublicKey,
} from "@sotto/protocol";
import type { Cancellable, ContactId, Conversation, Duration, Invite, InvitePreview, Invites, Qr } from "./api.ts";
import { durationMs } from "./duration.ts";
import { inviteIdOf } from "./engine/invites.ts";
import { toldRelays } from "./engine/own-relays.ts";
import type { Commit } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { later } from "./later.ts";
import { LiveValue } from "./live.ts";
import { conversationWith } from "./records/conversation-record.ts";
import type { InviteRecord } from "./records/invite-record.ts";
import { firstToAnswer } from "./relay/first-to-answer.ts";
import type { Views } from "./views.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** The invites of one account. */
export class InviteBook implements Invites {
  readonly list = new LiveValue<readonly Invite[]>([]);
  readonly #views: Views;
  /** Draws codes; there as soon as there is an invite. */
  #makeQr: ((text: string) => Qr) | undefined;

  constructor(views: Views) {
    this.#views = views;
  }

  /** Shows the invites that are open. */
  async load(): Promise<void> {
    if (this.#views.engine.state.invites.size > 0) this.#makeQr = (await later.drawing()).makeQr;
    this.#update();
  }

  async create({ uses = 1, expiresIn = WEEK_MS, signal }: { uses?: number; expiresIn?: Duration } & Cancellable = {}): Promise<Invite> {
    const { engine } = this.#views;
    const { primitives: p, state } = engine;
    requireBounds(uses, durationMs(expiresIn));
    const { makeQr } = await later.drawing();
    this.#makeQr = makeQr;
    const options = signal === undefined ? {} : { signal };
    const secret = newInviteSecret(p);
    const keys = inviteKeys(p, secret);
    const expires = engine.clock.now() + durationMs(expiresIn);
    // A card names the relays that this account reads already.
    await engine.anchored(options);
    const blob = await engine.run("prepareInvite", secret.expose(), expires, uses);
    // The blob first: until the link is given out, nobody looks for it, and an invite without a blob would be a dead end.
    const put = async (at: string): Promise<void> => await engine.relay(at).putBlob(keys.blobId, blob, options);
    const { relay } = await firstToAnswer(toldRelays(state.self), put);
    const url = inviteLink(p, { origin: relay, relay, secret, account: state.self.account as PublicKey });
    const requestKey = keys.requestKey.expose().slice();
    const record: InviteRecord = { id: inviteIdOf(keys.blobId), url, requestKey, expires, uses, claimed: [] };
    await engine.run("keepInvite", record);
    return shown(record, makeQr);
  }

  async preview(invite: string | URL, options: Cancellable = {}): Promise<InvitePreview> {
    const link = parse(invite);
    const { card, expires } = (await this.#look(link, options)).offer;
    const id = accountId(card.list.account) as ContactId;
    return { kind: "direct", name: card.name, id, expires: new Date(expires), relay: new URL(link.relay) };
  }

  async accept(invite: string | URL, { inPerson = false, ...options }: { inPerson?: boolean } & Cancellable = {}): Promise<Conversation> {
    const { engine } = this.#views;
    const link = parse(invite);
    const { offer, blob } = await this.#look(link, options);
    const id = accountId(offer.card.list.account) as ContactId;
    if (id === this.#views.ownId) throw new MessengerError("invite/self", {});
    await engine.anchored(options);
    const place = await engine.run("acceptInvite", String(invite), blob, inPerson);
    if (place !== null) await engine.settled(place, options);
    if (engine.state.contacts.get(id)?.phase === "refused") throw new MessengerError("invite/used", {});
    return this.#views.conversations.show(conversationWith(id));
  }

  /** Follows a commit. */
  refresh({ invites }: Commit): void {
    if (invites) this.#update();
  }

  async #look(link: InviteLink, options: Cancellable): Promise<{ offer: InviteOffer; blob: Uint8Array }> {
    const { engine } = this.#views;
    const { blobId } = inviteKeys(engine.primitives, link.secret);
    const blob = await engine.relay(link.relay).getBlob(blobId, { ...options, maxBytes: MAX_INVITE_BLOB_LENGTH });
    // A relay keeps a blob as long as its invite can be open.
    if (blob === undefined) throw new MessengerError("invite/expired", {});
    try {
      return { offer: openInviteBlob(engine.primitives, link, blob, engine.clock.now()), blob };
    } catch (error) {
      throw asMessengerError(error);
    }
  }

  #update(): void {
    const makeQr = this.#makeQr;
    if (makeQr === undefined) return;
    const records = [...this.#views.engine.state.invites.values()];
    this.list.set(records.toSorted((a, b) => a.expires - b.expires).map((record) => shown(record, makeQr)));
  }
}

function parse(invite: string | URL): InviteLink {
  try {
    return parseInvite(String(invite));
  } catch (error) {
    throw asMessengerError(error);
  }
}

function shown({ id, url, expires, uses, claimed }: InviteRecord, makeQr: (text: string) => Qr): Invite {
  return { id, url, qr: makeQr(url), expires: new Date(expires), usesLeft: uses - claimed.length };
}

function requireBounds(uses: number, lasts: number): void {
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_INVITE_USES) {
    throw new MessengerError("argument/invalid", { reason: `an invite has 1 to ${MAX_INVITE_USES} uses` });
  }
  if (!(lasts > 0 && lasts <= MAX_INVITE_AGE_MS))
    throw new MessengerError("argument/invalid", { reason: "an invite is open for at most 14 days" });
}
