// The blob behind an invite: its maker's card, sealed for whoever holds the link (spec §5). Takes the keys of an invite and a card, gives a
// blob that a relay keeps without being able to read or swap it, and back. Upload and download are not concerns here.

import { Reader, ascii, be4, concat } from "../bytes.ts";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { ProtocolError } from "../errors.ts";
import { Fields } from "../fields.ts";
import { INVITE_BLOB_STEP, MAX_CARD_LENGTH, MAX_INVITE_AGE_MS, MAX_INVITE_BLOB_LENGTH, MAX_INVITE_USES } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type Card, encodeCard, verifyCard } from "./card.ts";
import { type Invite, type InviteKeys, inviteKeys, requireInviteAccount } from "./invite.ts";

const LABEL = ascii("Sotto Invite Blob v1");
const SALT_LENGTH = 32;
const AEAD_TAG_LENGTH = 16;
const LENGTH_BYTES = 4;
const NONCE = new Uint8Array(12);

/** What an invite offers. */
export interface InviteOffer {
  readonly card: Card;
  /** When it ends (ms). */
  readonly expires: number;
  /** How many people may accept it, 1 to 20: the number of its claim slots. */
  readonly uses: number;
}

/** Seals an offer made at `now` (ms): `salt(32) || ChaCha20-Poly1305`, padded to 4,096 bytes. `argument/invalid` for expiry or uses out of bounds. */
export function sealInviteBlob(p: Primitives, keys: InviteKeys, offer: InviteOffer, now: number): Uint8Array {
  const { card, expires, uses } = offer;
  const lasts = expires - now;
  if (!(lasts > 0 && lasts <= MAX_INVITE_AGE_MS)) throw new ProtocolError("argument/invalid", "an invite is open for at most 14 days");
  if (!Number.isInteger(uses) || uses < 1 || uses > MAX_INVITE_USES) {
    throw new ProtocolError("argument/invalid", `an invite has 1 to ${MAX_INVITE_USES} uses`);
  }
  const inside = encodeCbor({ card: encodeCard(card), expires, uses });
  const overhead = SALT_LENGTH + AEAD_TAG_LENGTH + LENGTH_BYTES;
  const length = Math.ceil((inside.length + overhead) / INVITE_BLOB_STEP) * INVITE_BLOB_STEP;
  const plaintext = new Uint8Array(length - SALT_LENGTH - AEAD_TAG_LENGTH);
  plaintext.set(be4(inside.length));
  plaintext.set(inside, LENGTH_BYTES);
  const salt = p.randomBytes(SALT_LENGTH);
  return concat(salt, p.chacha20poly1305.seal(blobKey(p, keys, salt), NONCE, plaintext, keys.blobId));
}

/**
 * Opens the blob of an invite and verifies all of it at `now` (ms). `invite/invalid` when it does not open or is not laid out as ours are,
 * `invite/wrong-account` when the card is not of the account that the link names, `invite/expired`, and the errors of `verifyCard`.
 */
export function openInviteBlob(p: Primitives, invite: Invite, blob: Uint8Array, now: number): InviteOffer {
  const fields = new Fields(decodeCbor(unpad(unseal(p, invite, blob)), "an invite", "invite/invalid"), "an invite", "invite/invalid");
  const cardBytes = fields.bytesUpTo("card", MAX_CARD_LENGTH);
  const expires = fields.uint("expires");
  const uses = fields.uint("uses", MAX_INVITE_USES);
  fields.end();
  if (uses < 1) throw fields.invalid("uses", "is 0");
  if (now >= expires) throw new ProtocolError("invite/expired", "this invite has ended: ask for a new one", { expires });
  const card = verifyCard(p, cardBytes, now);
  requireInviteAccount(p, invite, card.list.account);
  return { card, expires, uses };
}

function unseal(p: Primitives, invite: Invite, blob: Uint8Array): Uint8Array {
  const keys = inviteKeys(p, invite.secret);
  const fits = blob.length > 0 && blob.length <= MAX_INVITE_BLOB_LENGTH && blob.length % INVITE_BLOB_STEP === 0;
  const plaintext = fits
    ? p.chacha20poly1305.open(blobKey(p, keys, blob.subarray(0, SALT_LENGTH)), NONCE, blob.subarray(SALT_LENGTH), keys.blobId)
    : undefined;
  if (plaintext === undefined) throw invalid("what the relay holds for it is damaged");
  return plaintext;
}

function unpad(plaintext: Uint8Array): Uint8Array {
  const reader = new Reader(plaintext, "an invite");
  const length = reader.uint(LENGTH_BYTES);
  if (length > plaintext.length - LENGTH_BYTES) throw invalid("it is not laid out as this version lays it out");
  const inside = reader.take(length);
  if (reader.rest().some((byte) => byte !== 0)) throw invalid("it is not laid out as this version lays it out");
  return inside;
}

/** Both sides derive the key from the link alone; the salt makes it fresh should one secret ever seal two blobs. */
function blobKey(p: Primitives, keys: InviteKeys, salt: Uint8Array): Uint8Array {
  return p.hkdf(salt, keys.blobKey.expose(), LABEL, 32);
}

function invalid(reason: string): ProtocolError {
  return new ProtocolError("invite/invalid", `this invite cannot be used: ${reason}`, { reason });
}
