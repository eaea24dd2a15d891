// One session between two devices: the double ratchet over X25519 with the post-quantum ratchet beside it. State in, new state and bytes
// out; a message that is refused leaves nothing behind, for nothing is returned. Which of several sessions a message belongs to, and where
// it is pinned, is not its concern (session-record.ts, stream). spec/03 §§6, 7.

import { sharedPoint } from "../agreement/agreement.ts";
import { type KeyPair, type PublicKey, generateKeyPair } from "../agreement/key-pair.ts";
import { equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_FORWARD_JUMP, MAX_RECEIVING_CHAINS, MAX_SKIPPED_KEYS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { type ChainKey, messageKeys, messageSeed, nextChainKey, rootStep } from "./chain-key.ts";
import type { HandshakeKeys } from "./pqxdh.ts";
import { type SignalMessage, decodeSignalMessage, encodeSignalMessage, macHolds } from "./signal-message.ts";
import type { StreamRoots } from "../stream/receiving-streams.ts";
import { type Spqr, spqrReceive, spqrSend, startSpqr } from "./spqr/spqr.ts";

/** A chain of messages from the other side, under one of its ratchet keys. */
export interface ReceivingRatchet {
  readonly theirRatchetKey: Uint8Array;
  readonly chain: ChainKey;
  /** Seeds of messages that were jumped over, by counter, oldest first. */
  readonly skipped: ReadonlyMap<number, Uint8Array>;
}

/** An immutable value. */
export interface TripleRatchet {
  readonly ourIdentity: Uint8Array;
  readonly theirIdentity: Uint8Array;
  readonly rootKey: Uint8Array;
  readonly ourRatchetKey: KeyPair;
  readonly sending: ChainKey;
  readonly previousCounter: number;
  /** Newest last. */
  readonly receiving: readonly ReceivingRatchet[];
  readonly spqr: Spqr;
  readonly sendingStream: StreamRoots;
  readonly receivingStream: StreamRoots;
}

interface Identities {
  readonly ours: PublicKey;
  readonly theirs: PublicKey;
}

/** The initiator's session: its first ratchet step is already taken, against the responder's signed prekey. */
export function startAsInitiator(
  p: Primitives,
  { ours, theirs }: Identities,
  keys: HandshakeKeys,
  theirSignedPrekey: PublicKey,
): TripleRatchet {
  const ourRatchetKey = generateKeyPair(p);
  const step = ratchetStep(p, keys.rootKey, ourRatchetKey, theirSignedPrekey);
  return {
    ourIdentity: ours,
    theirIdentity: theirs,
    rootKey: step.rootKey,
    ourRatchetKey,
    sending: step.chain,
    previousCounter: 0,
    receiving: [{ theirRatchetKey: theirSignedPrekey, chain: { key: keys.chainKey, index: 0 }, skipped: new Map() }],
    spqr: startSpqr(p, keys.spqrKey, "initiator"),
    sendingStream: { current: keys.streams.initiator.expose(), next: step.streamKey },
    receivingStream: { current: undefined, next: keys.streams.responder.expose() },
  };
}

/** The responder's session: its signed prekey is its first ratchet key. */
export function startAsResponder(p: Primitives, { ours, theirs }: Identities, keys: HandshakeKeys, signedPrekey: KeyPair): TripleRatchet {
  return {
    ourIdentity: ours,
    theirIdentity: theirs,
    rootKey: keys.rootKey,
    ourRatchetKey: signedPrekey,
    sending: { key: keys.chainKey, index: 0 },
    previousCounter: 0,
    receiving: [],
    spqr: startSpqr(p, keys.spqrKey, "responder"),
    sendingStream: { current: undefined, next: keys.streams.responder.expose() },
    receivingStream: { current: undefined, next: keys.streams.initiator.expose() },
  };
}

function ratchetStep(p: Primitives, rootKey: Uint8Array, ours: KeyPair, theirs: Uint8Array): ReturnType<typeof rootStep> {
  // Signal checks base and identity keys for torsion, ratchet keys only for a zero agreement: the check is a point multiplication.
  const agreement = sharedPoint(p, ours, theirs as PublicKey);
  const step = rootStep(p, rootKey, agreement.expose());
  agreement.wipe();
  return step;
}

/** A SignalMessage with `plaintext` in it, and its counter in the sending chain. */
export function ratchetEncrypt(
  p: Primitives,
  state: TripleRatchet,
  plaintext: Uint8Array,
  addresses?: Uint8Array,
): { ratchet: TripleRatchet; message: Uint8Array; counter: number } {
  const { spqr, message: spqrMessage, key } = spqrSend(p, state.spqr);
  const keys = messageKeys(p, messageSeed(p, state.sending), key);
  const message = encodeSignalMessage(
    p,
    {
      ratchetKey: state.ourRatchetKey.publicKey,
      counter: state.sending.index,
      previousCounter: state.previousCounter,
      ciphertext: p.aes256cbc.encrypt(keys.cipherKey, keys.iv, plaintext),
      spqr: spqrMessage,
      ...(addresses === undefined ? {} : { addresses }),
    },
    keys.macKey,
    { sender: state.ourIdentity, recipient: state.theirIdentity },
  );
  return { ratchet: { ...state, spqr, sending: nextChainKey(p, state.sending) }, message, counter: state.sending.index };
}

/** Which of the other side's chains a message was of: one that it begins, the newest that was there, or one before that. */
export type MessageChain = "next" | "current" | "ended";

/** The plaintext of a SignalMessage. `session/duplicate`, `session/too-far`, `session/invalid-message`, `decode/invalid`. */
export function ratchetDecrypt(
  p: Primitives,
  state: TripleRatchet,
  bytes: Uint8Array,
): { ratchet: TripleRatchet; plaintext: Uint8Array; message: SignalMessage; chain: MessageChain } {
  const message = decodeSignalMessage(bytes);
  const stepped = receivingRatchetFor(p, state, message.ratchetKey);
  const taken = takeSeed(p, stepped.receiver, message.counter);
  const { spqr, key } = spqrReceive(p, state.spqr, message.spqr);
  const keys = messageKeys(p, taken.seed, key);
  if (!macHolds(p, bytes, keys.macKey, { sender: state.theirIdentity, recipient: state.ourIdentity })) throw unreadable();
  const plaintext = p.aes256cbc.decrypt(keys.cipherKey, keys.iv, message.ciphertext);
  if (plaintext === undefined) throw unreadable();
  const receiving = stepped.state.receiving.map((receiver) => (receiver === stepped.receiver ? taken.receiver : receiver));
  const chain = stepped.state !== state ? "next" : stepped.receiver === state.receiving.at(-1) ? "current" : "ended";
  return { ratchet: { ...stepped.state, receiving, spqr }, plaintext, message, chain };
}

const unreadable = (): ProtocolError =>
  new ProtocolError("session/invalid-message", "this message does not belong to the session, or was changed on the way");

/** The chain of a ratchet key: one that is held, or the next, for which both root steps are taken. */
function receivingRatchetFor(
  p: Primitives,
  state: TripleRatchet,
  theirRatchetKey: Uint8Array,
): { state: TripleRatchet; receiver: ReceivingRatchet } {
  const held = state.receiving.find((receiver) => equalBytes(receiver.theirRatchetKey, theirRatchetKey));
  if (held !== undefined) return { state, receiver: held };

  const received = ratchetStep(p, state.rootKey, state.ourRatchetKey, theirRatchetKey);
  const ourRatchetKey = generateKeyPair(p);
  const sent = ratchetStep(p, received.rootKey, ourRatchetKey, theirRatchetKey);
  const receiver: ReceivingRatchet = { theirRatchetKey, chain: received.chain, skipped: new Map() };
  const next: TripleRatchet = {
    ...state,
    rootKey: sent.rootKey,
    ourRatchetKey,
    sending: sent.chain,
    previousCounter: Math.max(0, state.sending.index - 1),
    receiving: [...state.receiving, receiver].slice(-MAX_RECEIVING_CHAINS),
    sendingStream: { current: state.sendingStream.next, next: sent.streamKey },
    receivingStream: { current: state.receivingStream.next, next: received.streamKey },
  };
  return { state: next, receiver };
}

function takeSeed(p: Primitives, receiver: ReceivingRatchet, counter: number): { receiver: ReceivingRatchet; seed: Uint8Array } {
  if (counter < receiver.chain.index) {
    const seed = receiver.skipped.get(counter);
    if (seed === undefined) throw new ProtocolError("session/duplicate", "this message was opened before, or is too old");
    const skipped = new Map(receiver.skipped);
    skipped.delete(counter);
    return { receiver: { ...receiver, skipped }, seed };
  }
  if (counter - receiver.chain.index > MAX_FORWARD_JUMP) throw new ProtocolError("session/too-far", "a message too far ahead");

  let chain = receiver.chain;
  let skipped = receiver.skipped;
  if (chain.index < counter) {
    const kept = new Map(skipped);
    for (; chain.index < counter; chain = nextChainKey(p, chain)) {
      if (counter - chain.index <= MAX_SKIPPED_KEYS) kept.set(chain.index, messageSeed(p, chain));
    }
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_SKIPPED_KEYS) break;
      kept.delete(oldest);
    }
    skipped = kept;
  }
  return { receiver: { ...receiver, chain: nextChainKey(p, chain), skipped }, seed: messageSeed(p, chain) };
}
