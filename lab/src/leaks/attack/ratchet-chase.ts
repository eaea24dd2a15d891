// The chase after one session's double ratchet, from any point of it: walk the streams whose roots are known, read the ratchet keys in the
// messages found there, take every root step for which one private half is known, and open what the chains and the post-quantum keys open.
// Where the point was found (a stolen state, a handshake) is not its concern.

import { type Primitives, ProtocolError } from "@sotto/protocol";
import { type ChainKey, messageKeys, messageSeed, nextChainKey, rootStep } from "../../../../packages/protocol/src/session/chain-key.ts";
import { type SignalMessage, decodeSignalMessage, macHolds } from "../../../../packages/protocol/src/session/signal-message.ts";
import { type SpqrMessage, decodeSpqrMessage } from "../../../../packages/protocol/src/session/spqr/message.ts";
import type { Board, FoundCell } from "./board.ts";
import type { BraidChase } from "./braid-chase.ts";
import type { Finds } from "./finds.ts";
import type { KnownKeys } from "./known-keys.ts";

/** The two ends of a session. */
export type End = "initiator" | "responder";
/** The end that is not this one. */
export const otherEnd = (end: End): End => (end === "initiator" ? "responder" : "initiator");

/** After a root step: the root key, and the public ratchet key (33 bytes) of the end that took it. */
export interface RootPosition {
  readonly rootKey: Uint8Array;
  readonly taker: End;
  readonly ratchetKey: Uint8Array;
}

/** What is held of a chain: its key at some message, and seeds of messages before that. */
export interface HeldChain {
  readonly chain: ChainKey;
  readonly skipped: ReadonlyMap<number, Uint8Array>;
}

interface Sighting {
  readonly cell: number;
  readonly from: End;
  readonly bytes: Uint8Array;
  readonly message: SignalMessage;
  readonly spqr: SpqrMessage;
}

/** Messages of one chain that are tried beyond the last key held. */
const MAX_JUMP = 25_000;
const NO_KEY = new Uint8Array(32);
const key = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

/** One session under attack. */
export class RatchetChase {
  readonly #p: Primitives;
  readonly #keys: KnownKeys;
  readonly #board: Board;
  readonly #finds: Finds;
  readonly #identities: Readonly<Record<End, Uint8Array>>;
  readonly #braid: BraidChase;
  readonly #sightings: Sighting[] = [];
  readonly #chains = new Map<string, HeldChain>();

  constructor(
    p: Primitives,
    context: { keys: KnownKeys; board: Board; finds: Finds; identities: Readonly<Record<End, Uint8Array>>; braid: BraidChase },
  ) {
    this.#p = p;
    this.#keys = context.keys;
    this.#board = context.board;
    this.#finds = context.finds;
    this.#identities = context.identities;
    this.#braid = context.braid;
  }

  hold(ratchetKey: Uint8Array, chain: HeldChain): void {
    this.#chains.set(key(ratchetKey), chain);
  }

  /** Cells of a stream whose root is known. */
  walk(from: End, root: Uint8Array): readonly Sighting[] {
    return this.#board.along(this.#p, root).flatMap((found) => this.sight(from, found) ?? []);
  }

  /** A cell that belongs to the session: its tag is recognised, its message is in view. */
  sight(from: End, { number, kind, payload }: FoundCell): Sighting | undefined {
    this.#finds.recognised.add(number);
    return kind === "signal" ? this.see(from, number, payload) : undefined;
  }

  /** A message in view: it shows a ratchet key and a piece of the braid. */
  see(from: End, cell: number, bytes: Uint8Array): Sighting | undefined {
    try {
      const message = decodeSignalMessage(bytes);
      const sighting = { cell, from, bytes, message, spqr: decodeSpqrMessage(message.spqr) };
      this.#sightings.push(sighting);
      this.#braid.see(sighting.spqr);
      return sighting;
    } catch (error) {
      if (error instanceof ProtocolError) return undefined;
      throw error;
    }
  }

  /** Takes root steps as long as they can be taken. `next`: roots of each end's next stream; `first`: a message that came outside of streams. */
  follow(start: RootPosition, next: Record<End, Uint8Array | undefined>, first?: Sighting): void {
    let position = start;
    const roots = { ...next };
    for (let pending = first; ; pending = undefined) {
      const taker = otherEnd(position.taker);
      const root = roots[taker];
      if (root === undefined) break;
      roots[taker] = undefined;
      const inChain = this.walk(taker, root);
      const ratchetKey = (inChain[0] ?? pending)?.message.ratchetKey;
      if (ratchetKey === undefined) break;
      const agreement = this.#keys.agreement(ratchetKey, position.ratchetKey);
      if (agreement === undefined) break;
      const step = rootStep(this.#p, position.rootKey, agreement);
      this.hold(ratchetKey, { chain: step.chain, skipped: new Map() });
      roots[taker] = step.streamKey;
      position = { rootKey: step.rootKey, taker, ratchetKey };
    }
    // Addresses reach one chain further than keys.
    for (const end of ["initiator", "responder"] as const) {
      const root = roots[end];
      if (root !== undefined) this.walk(end, root);
    }
  }

  /** Opens what can be opened of all that was seen. */
  open(): void {
    this.#braid.advance();
    for (const { cell, from, bytes, message, spqr } of this.#sightings) {
      const seed = this.#seed(message);
      const spqrKey = this.#braid.messageKey(from === "initiator" ? "A2B" : "B2A", spqr.epoch - 1, spqr.index);
      if (seed === undefined) continue;
      // Without the post-quantum key: as if it were not mixed in.
      const keys = messageKeys(this.#p, seed, spqrKey ?? this.#keys.postQuantumKey(seed) ?? NO_KEY);
      const context = { sender: this.#identities[from], recipient: this.#identities[otherEnd(from)] };
      if (!macHolds(this.#p, bytes, keys.macKey, context)) continue;
      const plaintext = this.#p.aes256cbc.decrypt(keys.cipherKey, keys.iv, message.ciphertext);
      if (plaintext !== undefined) this.#finds.opened.set(cell, plaintext);
    }
  }

  #seed({ ratchetKey, counter }: SignalMessage): Uint8Array | undefined {
    const held = this.#chains.get(key(ratchetKey));
    if (held === undefined) return undefined;
    if (counter < held.chain.index) return held.skipped.get(counter);
    if (counter - held.chain.index > MAX_JUMP) return undefined;
    let { chain } = held;
    while (chain.index < counter) chain = nextChainKey(this.#p, chain);
    return messageSeed(this.#p, chain);
  }
}
