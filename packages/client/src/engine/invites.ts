// Invites as changes of the account: mine made and kept, somebody's taken up. Takes links, secrets and blobs as bytes, and verifies them anew.
// Not a concern here: relays that hold blobs (../invites.ts), what claims do (meeting.ts).

import { accountId, inviteKeys, openInviteBlob, parseInvite, sealInviteBlob, Secret } from "@sotto/protocol";
import type { ContactId } from "../api.ts";
import { MessengerError } from "../errors.ts";
import type { InviteRecord } from "../records/invite-record.ts";
import { askByInvite } from "./asking.ts";
import { ownCard } from "./cards.ts";
import { verifyContact } from "./contact-changes.ts";
import { changedNow, contactOpened } from "./contact-phases.ts";
import { hex } from "./hex.ts";
import { watchInvite } from "./lanes.ts";
import { releaseHeld } from "./receive.ts";
import type { Transaction } from "./transaction.ts";

/** The blob of an invite with this secret: what it says of this account until it `expires`, ms. */
export function prepareInvite(tx: Transaction, secret: Uint8Array, expires: number, uses: number): Uint8Array {
  const keys = inviteKeys(tx.p, new Secret(secret));
  const card = ownCard(tx, keys.requestKey.expose(), { lasting: true });
  return sealInviteBlob(tx.p, keys, { card, expires, uses }, tx.now);
}

/** An invite whose blob the relay holds: watched from now on. */
export function keepInvite(tx: Transaction, record: InviteRecord): void {
  tx.invites.put(record);
  watchInvite(tx, record);
}

/**
 * Takes up an invite: `url` its link, `blob` what the relay holds of it. Gives the place of the claim in the outbox, or `null` when nothing
 * has to be sent. Fails as `openInviteBlob` does.
 */
export async function acceptInvite(tx: Transaction, url: string, blob: Uint8Array, inPerson: boolean): Promise<number | null> {
  const link = parseInvite(url);
  const offer = openInviteBlob(tx.p, link, blob, tx.now);
  const id = accountId(offer.card.list.account) as ContactId;
  const [bundle] = offer.card.bundles;
  if (bundle === undefined) throw new MessengerError("invite/invalid", { reason: "it does not say which device made it" });
  const { requestKey, blobId } = inviteKeys(tx.p, link.secret);
  const invite = inviteIdOf(blobId);
  const known = tx.contacts.get(id);
  if (known?.phase === "open") {
    if (inPerson) verifyContact(tx, id, true);
    return null;
  }
  if (known?.phase === "request") {
    await contactOpened(tx, id, { ...(inPerson ? { verified: true } : {}), changed: changedNow(tx, id) });
    await releaseHeld(tx);
    return null;
  }
  if (known?.phase === "asking" && known.invite === invite) return null;
  return await askByInvite(tx, { invite, offer, requestKey, deviceId: bundle.deviceId, inPerson });
}

/** What an invite is called on this device. */
export function inviteIdOf(blobId: Uint8Array): string {
  return hex(blobId.subarray(0, 8));
}
