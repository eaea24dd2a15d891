// All sessions with one other device: the current one and those it replaced. Decides which session a message belongs to, wraps messages as
// prekey messages until the first reply, starts sessions from bundles and from prekey messages. State in, new state out. Where prekeys
// are kept, and whether an identity is trusted, is the caller's concern. spec/03 §8.

import { type KeyPair, type PublicKey, generateKeyPair, parsePublicKey } from "../agreement/key-pair.ts";
import { be2, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { serviceIdBytes } from "../identity/account.ts";
import { MAX_ARCHIVED_SESSIONS, UNANSWERED_SESSION_MS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type OurPrekeys, type TheirPrekeys, answerHandshake, initiateHandshake } from "./pqxdh.ts";
import { type PrekeyMessage, type SignalMessage, decodePrekeyMessage, encodePrekeyMessage } from "./signal-message.ts";
import {
  type MessageChain,
  type TripleRatchet,
  ratchetDecrypt,
  ratchetEncrypt,
  startAsInitiator,
  startAsResponder,
} from "./triple-ratchet.ts";

/** What every message carries until the first reply. */
export interface PendingPrekey {
  readonly oneTimePrekeyId?: number;
  readonly signedPrekeyId: number;
  readonly kyberPrekeyId: number;
  readonly kyberCiphertext: Uint8Array;
  /** When the session was made, ms. */
  readonly created: number;
}

export interface RecordedSession {
  readonly ratchet: TripleRatchet;
  /** The initiator's base key (33): names the session on both sides. */
  readonly baseKey: Uint8Array;
  readonly pending?: PendingPrekey;
  /** The other side has said that it lost this one: what still arrives on it is opened, but nothing is sent on it any more. */
  readonly retired?: true;
}

/** An immutable value; `archived` newest first. */
export interface SessionRecord {
  readonly current?: RecordedSession;
  readonly archived: readonly RecordedSession[];
}

export const emptyRecord: SessionRecord = { archived: [] };

/** A person's device, as the addresses in a message name it: Signal's service id (16 bytes) and device id. */
export interface Address {
  readonly serviceId: Uint8Array;
  readonly device: number;
}

/** The address of a device of ours or of another account. */
export function serviceAddress(p: Primitives, account: PublicKey, device: number): Address {
  return { serviceId: serviceIdBytes(p, account), device };
}

/** Our device, as a session needs it. */
export interface Ourselves {
  readonly identity: KeyPair;
  readonly registrationId: number;
  readonly address: Address;
}

/** The other device's prekeys with their ids; signatures already verified. */
export interface Prekeys extends TheirPrekeys {
  readonly signedPrekeyId: number;
  readonly kyberPrekeyId: number;
  readonly oneTimePrekeyId?: number;
}

const ACI = Uint8Array.of(0);

/** sender kind 1 || service id 16 || device 1 || the same of the recipient. */
function encodeAddresses(sender: Address, recipient: Address): Uint8Array {
  return concat(ACI, sender.serviceId, be2(sender.device).subarray(1), ACI, recipient.serviceId, be2(recipient.device).subarray(1));
}

function archive({ current, archived }: SessionRecord): readonly RecordedSession[] {
  if (current === undefined) return archived;
  const { pending: _, ...closed } = current;
  return [closed, ...archived].slice(0, MAX_ARCHIVED_SESSIONS);
}

/** The record with every session retired (spec §8): the next one that begins stays the one to send with. */
export function retireSessions({ current, archived }: SessionRecord): SessionRecord {
  const retire = (session: RecordedSession): RecordedSession => ({ ...session, retired: true });
  return { ...(current === undefined ? {} : { current: retire(current) }), archived: archived.map(retire) };
}

/** A new current session with the device whose prekeys these are; the one before is archived. */
export function initiateSession(p: Primitives, record: SessionRecord, ours: Ourselves, theirs: Prekeys, now: number): SessionRecord {
  const base = generateKeyPair(p);
  const { keys, kyberCiphertext } = initiateHandshake(p, { identity: ours.identity, base }, theirs);
  base.privateKey.wipe();
  const ratchet = startAsInitiator(p, { ours: ours.identity.publicKey, theirs: theirs.identityKey }, keys, theirs.signedPrekey);
  const { signedPrekeyId, kyberPrekeyId, oneTimePrekeyId } = theirs;
  const pending = {
    ...(oneTimePrekeyId === undefined ? {} : { oneTimePrekeyId }),
    signedPrekeyId,
    kyberPrekeyId,
    kyberCiphertext,
    created: now,
  };
  return { current: { ratchet, baseKey: base.publicKey, pending }, archived: archive(record) };
}

/** A message on the wire. */
export interface EncryptedMessage {
  readonly record: SessionRecord;
  /** A SignalMessage. */
  readonly message: Uint8Array;
  /** The same inside a prekey message, until the first reply was opened: it makes the session at the other side. */
  readonly prekeyMessage: Uint8Array | undefined;
  readonly counter: number;
}

/** Whether there is a session to send with: one that is not retired and was answered, or made less than 30 days ago. */
export function canEncrypt({ current }: SessionRecord, now: number): boolean {
  if (current === undefined || current.retired) return false;
  return current.pending === undefined || now - current.pending.created <= UNANSWERED_SESSION_MS;
}

/** `session/none` without a session, or when it is retired or was not answered for 30 days. */
export function encryptInRecord(
  p: Primitives,
  record: SessionRecord,
  ours: Ourselves,
  theirs: Address,
  plaintext: Uint8Array,
  now: number,
): EncryptedMessage {
  const session = record.current;
  if (session === undefined || !canEncrypt(record, now)) {
    throw new ProtocolError("session/none", "there is no session with this device: begin one from its prekeys");
  }
  const { pending, baseKey } = session;
  const addresses = pending === undefined ? undefined : encodeAddresses(ours.address, theirs);
  const { ratchet, message, counter } = ratchetEncrypt(p, session.ratchet, plaintext, addresses);
  const next = { ...record, current: { ...session, ratchet } };
  if (pending === undefined) return { record: next, message, prekeyMessage: undefined, counter };
  const { created: _, ...prekey } = pending;
  const identityKey = ours.identity.publicKey;
  const prekeyMessage = encodePrekeyMessage({ registrationId: ours.registrationId, ...prekey, baseKey, identityKey, message });
  return { record: next, message, prekeyMessage, counter };
}

export interface DecryptedMessage {
  readonly record: SessionRecord;
  readonly plaintext: Uint8Array;
  /** Its parts, verified. */
  readonly message: SignalMessage;
  readonly chain: MessageChain;
}

/** Opens a plain message with the current session or an archived one, newest first; the one that opens it becomes current unless it is retired. */
export function decryptInRecord(
  p: Primitives,
  record: SessionRecord,
  ours: Ourselves,
  theirs: Address,
  message: Uint8Array,
): DecryptedMessage {
  const sessions = record.current === undefined ? record.archived : [record.current, ...record.archived];
  let failure: ProtocolError | undefined;
  for (const session of sessions) {
    try {
      return openWith(p, record, session, ours, theirs, message, false);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      failure = error;
      // The key of this message was already used in this session: no other one can open it.
      if (error.code === "session/duplicate") break;
    }
  }
  throw failure ?? new ProtocolError("session/none", "there is no session with this device");
}

/** Opens a plain message with the session of this base key, which becomes current unless it is retired. `session/none` when it is not held. */
export function decryptWithSession(
  p: Primitives,
  record: SessionRecord,
  baseKey: Uint8Array,
  ours: Ourselves,
  theirs: Address,
  message: Uint8Array,
): DecryptedMessage {
  const session = sessionOf(record, baseKey);
  if (session === undefined) throw new ProtocolError("session/none", "this session was replaced too often to be kept");
  return openWith(p, record, session, ours, theirs, message, false);
}

function openWith(
  p: Primitives,
  record: SessionRecord,
  session: RecordedSession,
  ours: Ourselves,
  theirs: Address,
  bytes: Uint8Array,
  needAddresses: boolean,
): DecryptedMessage {
  const { ratchet, plaintext, message, chain } = ratchetDecrypt(p, session.ratchet, bytes);
  const expected = encodeAddresses(theirs, ours.address);
  if (message.addresses === undefined ? needAddresses : !equalBytes(message.addresses, expected)) {
    throw new ProtocolError("session/wrong-address", "this message was sent by or to another device than it came from or to");
  }
  const { baseKey, retired } = session;
  const opened: RecordedSession = { ratchet, baseKey, ...(retired === undefined ? {} : { retired }) };
  if (session === record.current) return { record: { ...record, current: opened }, plaintext, message, chain };
  if (retired) {
    const archived = record.archived.map((other) => (other === session ? opened : other));
    return { record: { ...record, archived }, plaintext, message, chain };
  }
  const others = { ...record, archived: record.archived.filter((other) => other !== session) };
  return { record: { current: opened, archived: archive(others) }, plaintext, message, chain };
}

/** Which of our prekeys a prekey message uses, and its unverified sender. */
export interface PrekeyUse {
  readonly oneTimePrekeyId?: number;
  readonly signedPrekeyId: number;
  readonly kyberPrekeyId: number;
  readonly baseKey: Uint8Array;
}

/** What a prekey message says before anything is verified: look up the prekeys it names, then call `decryptPrekeyMessage`. */
export interface PrekeyMessageIn {
  readonly registrationId: number;
  readonly use: PrekeyUse;
  readonly content: PrekeyMessage;
}

/** Reads a prekey message. `decode/invalid`. */
export function readPrekeyMessage(bytes: Uint8Array): PrekeyMessageIn {
  const content = decodePrekeyMessage(bytes);
  const { oneTimePrekeyId, signedPrekeyId, kyberPrekeyId, baseKey, registrationId } = content;
  return {
    registrationId,
    use: { ...(oneTimePrekeyId === undefined ? {} : { oneTimePrekeyId }), signedPrekeyId, kyberPrekeyId, baseKey },
    content,
  };
}

/** Whether a session with this base key is held: then no prekeys are needed, and none are used up. */
export function holdsSession(record: SessionRecord, baseKey: Uint8Array): boolean {
  return sessionOf(record, baseKey) !== undefined;
}

function sessionOf(record: SessionRecord, baseKey: Uint8Array): RecordedSession | undefined {
  return [record.current, ...record.archived].find((session) => session !== undefined && equalBytes(session.baseKey, baseKey));
}

/**
 * Opens a prekey message: with the session that its base key names, or with a new one made from `prekeys` (the current one is archived
 * then). The caller compares the sender's identity key with the one it knows. `session/none` when neither is there: the prekeys were
 * erased. `agreement/invalid-key` for keys outside the prime-order group.
 */
export function decryptPrekeyMessage(
  p: Primitives,
  record: SessionRecord,
  ours: Ourselves,
  theirs: Address,
  incoming: PrekeyMessageIn,
  prekeys: OurPrekeys | undefined,
): DecryptedMessage {
  const { content } = incoming;
  const held = sessionOf(record, content.baseKey);
  if (held !== undefined) return openWith(p, record, held, ours, theirs, content.message, true);
  if (prekeys === undefined) throw new ProtocolError("session/none", "the prekeys that this message was made with are gone");
  const identityKey = parsePublicKey(p, content.identityKey);
  const baseKey = parsePublicKey(p, content.baseKey);
  const keys = answerHandshake(p, prekeys, { identityKey, baseKey, kyberCiphertext: content.kyberCiphertext });
  const ratchet = startAsResponder(p, { ours: ours.identity.publicKey, theirs: identityKey }, keys, prekeys.signedPrekey);
  const session: RecordedSession = { ratchet, baseKey };
  const begun: SessionRecord = { current: session, archived: archive(record) };
  return openWith(p, begun, session, ours, theirs, content.message, true);
}
