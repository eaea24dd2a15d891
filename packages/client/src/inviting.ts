// What invites do: made, looked at, taken up. Takes links; talks to the relay that holds an invite's blob. Loaded when the first is used. Not a
// concern here: the list of open invites (invites.ts), what claims do (engine/meeting.ts), what follows for a contact (engine/asking.ts).

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
import type { Cancellable, ContactId, Conversation, Duration, Invite, InvitePreview } from "./api.ts";
import { durationMs } from "./duration.ts";
import { inviteIdOf } from "./engine/invites.ts";
import { toldRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { shownInvite } from "./invites.ts";
import { later } from "./later.ts";
import { conversationWith } from "./records/conversation-record.ts";
import type { InviteRecord } from "./records/invite-record.ts";
import { firstToAnswer } from "./relay/first-to-answer.ts";
import type { Views } from "./views.ts";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;

/** Makes an invite: `argument/invalid` for what it may not be, errors of the relay. */
export async function createInvite(
  views: Views,
  { uses = 1, expiresIn = WEEK_MS, signal }: { uses?: number; expiresIn?: Duration } & Cancellable = {},
): Promise<Invite> {
  const { engine } = views;
  const { primitives: p, state } = engine;
  requireBounds(uses, durationMs(expiresIn));
  const { makeQr } = await later.drawing();
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
  return shownInvite(record, makeQr);
}

/** What an invite says. */
export async function previewInvite(views: Views, invite: string | URL, options: Cancellable = {}): Promise<InvitePreview> {
  const link = parse(invite);
  const { card, expires } = (await look(views, link, options)).offer;
  const id = accountId(card.list.account) as ContactId;
  return { kind: "direct", name: card.name, id, expires: new Date(expires), relay: new URL(link.relay) };
}

/** Takes up an invite. */
export async function takeUpInvite(
  views: Views,
  invite: string | URL,
  { inPerson = false, ...options }: { inPerson?: boolean } & Cancellable = {},
): Promise<Conversation> {
  const { engine } = views;
  const link = parse(invite);
  const { offer, blob } = await look(views, link, options);
  const id = accountId(offer.card.list.account) as ContactId;
  if (id === views.ownId) throw new MessengerError("invite/self", {});
  await engine.anchored(options);
  const place = await engine.run("acceptInvite", String(invite), blob, inPerson);
  if (place !== null) await engine.settled(place, options);
  if (engine.state.contacts.get(id)?.phase === "refused") throw new MessengerError("invite/used", {});
  return views.conversations.show(conversationWith(id));
}

async function look(views: Views, link: InviteLink, options: Cancellable): Promise<{ offer: InviteOffer; blob: Uint8Array }> {
  const { engine } = views;
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

function parse(invite: string | URL): InviteLink {
  try {
    return parseInvite(String(invite));
  } catch (error) {
    throw asMessengerError(error);
  }
}

function requireBounds(uses: number, lasts: number): void {
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_INVITE_USES) {
    throw new MessengerError("argument/invalid", { reason: `an invite has 1 to ${MAX_INVITE_USES} uses` });
  }
  if (!(lasts > 0 && lasts <= MAX_INVITE_AGE_MS))
    throw new MessengerError("argument/invalid", { reason: "an invite is open for at most 14 days" });
}
