// Invites: a secret passed from person to person, from which both sides derive where the maker's card lies and where an answer goes (spec §5).
// Takes the secret, gives its keys and its link, and reads links. The card's blob is invite-blob.ts, its
// claim slots are claim-slot.ts.

import { base64url } from "@sotto/encoding";
import { PUBLIC_KEY_LENGTH, type PublicKey } from "../agreement/key-pair.ts";
import { Reader, ascii, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_INVITE_TEXT, MAX_RELAY_LENGTH } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { relayProblem } from "./relay-address.ts";

const VERSION = 1;
const SECRET_LENGTH = 32;
const ACCOUNT_HASH_LENGTH = 16;
const FRAGMENT = "#/i/";
const LABELS = { id: ascii("Sotto Invite v1 id"), key: ascii("Sotto Invite v1 key"), request: ascii("Sotto Invite v1 request") };

/** What a link says. Whose account the hash is of shows in the blob. */
export interface Invite {
  /** The relay that holds the blob: `http(s)://host[:port][/path]`. */
  readonly relay: string;
  readonly secret: Secret;
  /** The first 16 bytes of SHA-256 of the maker's account key (33 bytes). */
  readonly accountHash: Uint8Array;
}

/** What an invite's secret makes. */
export interface InviteKeys {
  /** 32 bytes: the name of the blob on the relay. */
  readonly blobId: Uint8Array;
  readonly blobKey: Secret;
  /** The request key that the claim slots hang on. */
  readonly requestKey: Secret;
}

/** A fresh secret, 32 bytes. */
export function newInviteSecret(p: Primitives): Secret {
  return new Secret(p.randomBytes(SECRET_LENGTH));
}

/** Blob id, blob key and request key of an invite: each `HKDF(no salt, secret, label, 32)`. */
export function inviteKeys(p: Primitives, secret: Secret): InviteKeys {
  const derive = (label: Uint8Array): Uint8Array => p.hkdf(undefined, secret.expose(), label, 32);
  return { blobId: derive(LABELS.id), blobKey: new Secret(derive(LABELS.key)), requestKey: new Secret(derive(LABELS.request)) };
}

/** The 16 bytes that a link and a blob have to agree on. */
export function inviteAccountHash(p: Primitives, account: PublicKey): Uint8Array {
  if (account.length !== PUBLIC_KEY_LENGTH) throw new ProtocolError("argument/invalid", "not an account key");
  return p.sha256(account).slice(0, ACCOUNT_HASH_LENGTH);
}

/**
 * The link: `<origin>/#/i/<base64url(version(1) || relay || secret(32) || account hash(16))>`. The secret is in the fragment, which browsers
 * keep to themselves. `argument/invalid` when the origin or the relay is not of the form `http(s)://host[:port][/path]`.
 */
export function inviteLink(p: Primitives, parts: { origin: string; relay: string; secret: Secret; account: PublicKey }): string {
  const { relay, secret } = parts;
  const origin = parts.origin.replace(/\/+$/, "");
  for (const [what, address] of [["origin", origin] as const, ["relay", relay] as const]) {
    const problem = relayProblem(address);
    if (problem !== undefined) throw new ProtocolError("argument/invalid", `an invite's ${what} ${problem}`);
  }
  if (secret.length !== SECRET_LENGTH) throw new ProtocolError("argument/invalid", `an invite's secret has ${SECRET_LENGTH} bytes`);
  const payload = concat(Uint8Array.of(VERSION), ascii(relay), secret.expose(), inviteAccountHash(p, parts.account));
  return `${origin}/${FRAGMENT}${base64url.encode(payload)}`;
}

/** Reads a link of any origin, or its last part alone; white space around it is no matter. `invite/invalid` says what is wrong, never the text. */
export function parseInvite(text: string): Invite {
  const reader = new Reader(decodePayload(text), "an invite");
  try {
    const version = reader.byte();
    const tail = reader.rest();
    const split = tail.length - SECRET_LENGTH - ACCOUNT_HASH_LENGTH;
    // Before the version: of a few characters it says nothing, and no version can do with less.
    if (split < 0) throw invalid("it is incomplete: copy the whole link");
    if (version < VERSION) throw invalid("it is not an invite link");
    if (version > VERSION) throw invalid("it was made by a newer version: update to accept it");
    if (split > MAX_RELAY_LENGTH) throw invalid("it is too long: copy the link alone");
    const relay = String.fromCharCode(...tail.subarray(0, split));
    const problem = relayProblem(relay);
    if (problem !== undefined) throw invalid(`its relay's address ${problem}`);
    return { relay, secret: new Secret(tail.slice(split, split + SECRET_LENGTH)), accountHash: tail.slice(split + SECRET_LENGTH) };
  } catch (error) {
    if (error instanceof ProtocolError && error.code === "decode/invalid") throw invalid("it is incomplete: copy the whole link");
    throw error;
  }
}

/** Whether an account is the one that an invite is of. `invite/wrong-account` when not: somebody swapped the card. */
export function requireInviteAccount(p: Primitives, invite: Invite, account: PublicKey): void {
  if (equalBytes(inviteAccountHash(p, account), invite.accountHash)) return;
  throw new ProtocolError("invite/wrong-account", "the card behind this invite is not of the person who made it: ask for a new invite");
}

function decodePayload(text: string): Uint8Array {
  if (text.length > MAX_INVITE_TEXT) throw invalid("it is too long: copy the link alone");
  const trimmed = text.trim();
  const fragment = trimmed.indexOf(FRAGMENT);
  const payload = fragment === -1 ? trimmed : trimmed.slice(fragment + FRAGMENT.length);
  if (!/^[A-Za-z0-9_-]+$/.test(payload)) throw invalid("it is not an invite link");
  try {
    return base64url.decode(payload);
  } catch {
    throw invalid("it is incomplete: copy the whole link");
  }
}

function invalid(reason: string): ProtocolError {
  return new ProtocolError("invite/invalid", `this invite cannot be used: ${reason}`, { reason });
}
