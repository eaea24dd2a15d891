// The symmetric half of the post-quantum ratchet: every epoch secret starts one chain a direction, every message takes the next key of
// its chain. A key is given out once. Knows nothing of ML-KEM. spec/03 §9.

import { ascii, be4, concat } from "../../bytes.ts";
import { ProtocolError } from "../../errors.ts";
import { MAX_FORWARD_JUMP, MAX_SKIPPED_KEYS } from "../../limits.ts";
import type { Primitives } from "../../primitives/primitives.ts";

const START = ascii("Signal PQ Ratchet V1 Chain  Start");
const ADD_EPOCH = ascii("Signal PQ Ratchet V1 Chain Add Epoch");
const NEXT = ascii("Signal PQ Ratchet V1 Chain Next");

/** A: who opened the session. The first half of each epoch's keys is for messages from A to B. */
export type Direction = "A2B" | "B2A";

/** A chain value and the index of the last key taken. */
export interface EpochChain {
  readonly index: number;
  readonly value: Uint8Array;
}

interface Link {
  readonly epoch: number;
  /** Absent once the sending epoch has moved on. */
  readonly sending?: EpochChain;
  readonly receiving: EpochChain;
  /** Keys that were jumped over, oldest first. */
  readonly skipped: ReadonlyMap<number, Uint8Array>;
}

/** All chains still needed: an immutable value. */
export interface EpochChains {
  readonly direction: Direction;
  readonly nextRoot: Uint8Array;
  readonly sendingEpoch: number;
  /** Oldest first, without gaps. */
  readonly links: readonly Link[];
}

function split(keys: Uint8Array, epoch: number, direction: Direction): { nextRoot: Uint8Array; link: Link } {
  const a2b = { index: 0, value: keys.slice(32, 64) };
  const b2a = { index: 0, value: keys.slice(64, 96) };
  const [sending, receiving] = direction === "A2B" ? [a2b, b2a] : [b2a, a2b];
  return { nextRoot: keys.slice(0, 32), link: { epoch, sending, receiving, skipped: new Map() } };
}

/** Epoch 0, from the key that PQXDH gave. */
export function startEpochChains(p: Primitives, authKey: Uint8Array, direction: Direction): EpochChains {
  const { nextRoot, link } = split(p.hkdf(undefined, authKey, START, 96), 0, direction);
  return { direction, nextRoot, sendingEpoch: 0, links: [link] };
}

/** Adds the next epoch's chains; epochs come without gaps. */
export function addEpoch(p: Primitives, state: EpochChains, epoch: number, secret: Uint8Array): EpochChains {
  const last = state.links.at(-1);
  if (last === undefined || epoch !== last.epoch + 1)
    throw new ProtocolError("session/invalid-message", "an epoch of the post-quantum ratchet is missing");
  const { nextRoot, link } = split(p.hkdf(state.nextRoot, secret, ADD_EPOCH, 96), epoch, state.direction);
  return { ...state, nextRoot, links: [...state.links, link] };
}

function step(p: Primitives, chain: EpochChain): { chain: EpochChain; key: Uint8Array } {
  const index = chain.index + 1;
  const keys = p.hkdf(undefined, chain.value, concat(be4(index), NEXT), 64);
  return { chain: { index, value: keys.slice(0, 32) }, key: keys.slice(32) };
}

/** The next sending key of `epoch`. When the epoch moves, older sending values go, and links older than the one before. */
export function nextSendingKey(p: Primitives, state: EpochChains, epoch: number): { chains: EpochChains; index: number; key: Uint8Array } {
  let links = state.links;
  if (epoch > state.sendingEpoch) {
    links = links
      .filter((link) => link.epoch + 1 >= epoch)
      .map(({ sending, ...link }) => (link.epoch < epoch || sending === undefined ? link : { ...link, sending }));
  }
  const link = links.find((candidate) => candidate.epoch === epoch);
  if (link?.sending === undefined) throw new ProtocolError("session/exhausted", "the post-quantum ratchet has no chain to send on");
  const { chain, key } = step(p, link.sending);
  return {
    chains: {
      ...state,
      sendingEpoch: Math.max(epoch, state.sendingEpoch),
      links: links.map((l) => (l === link ? { ...link, sending: chain } : l)),
    },
    index: chain.index,
    key,
  };
}

/** The receiving key of message `index` (from 1) of `epoch`, each once. `session/invalid-message`, `session/too-far`: nothing is
 * verified yet, so neither says that the message is genuine. */
export function receivingKey(p: Primitives, state: EpochChains, epoch: number, index: number): { chains: EpochChains; key: Uint8Array } {
  const link = state.links.find((candidate) => candidate.epoch === epoch);
  if (link === undefined) throw new ProtocolError("session/invalid-message", "a message of an epoch that is not held");
  if (index < 1) throw new ProtocolError("session/invalid-message", "a message without a post-quantum key");
  const replace = (next: Link): EpochChains => ({ ...state, links: state.links.map((l) => (l === link ? next : l)) });

  if (index <= link.receiving.index) {
    const key = link.skipped.get(index);
    if (key === undefined) throw new ProtocolError("session/invalid-message", "the post-quantum key of this message was given out before");
    const skipped = new Map(link.skipped);
    skipped.delete(index);
    return { chains: replace({ ...link, skipped }), key };
  }
  if (index - link.receiving.index > MAX_FORWARD_JUMP) throw new ProtocolError("session/too-far", "a message too far ahead");

  let taken = step(p, link.receiving);
  if (taken.chain.index === index) return { chains: replace({ ...link, receiving: taken.chain }), key: taken.key };
  const skipped = new Map(link.skipped);
  const keepFrom = index - MAX_SKIPPED_KEYS;
  while (taken.chain.index < index) {
    if (taken.chain.index >= keepFrom) skipped.set(taken.chain.index, taken.key);
    taken = step(p, taken.chain);
  }
  for (const oldest of skipped.keys()) {
    if (skipped.size <= MAX_SKIPPED_KEYS) break;
    skipped.delete(oldest);
  }
  return { chains: replace({ ...link, receiving: taken.chain, skipped }), key: taken.key };
}
