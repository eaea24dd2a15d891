// The chase after the post-quantum ratchet: every message whose envelope is open shows a piece of the braid; with all pieces of an epoch and
// one of its two secrets (the seed of the key pair, or the message of the encapsulation) the epoch's secret follows, and its message keys.

import { type Primitives, ascii, be4, be8, concat, equalBytes } from "@sotto/protocol";
import type { Braid } from "../../../../packages/protocol/src/session/spqr/braid.ts";
import { type Direction, type EpochChains, addEpoch } from "../../../../packages/protocol/src/session/spqr/epoch-chains.ts";
import { CHUNK, type Chunk, addChunk, startDecoder } from "../../../../packages/protocol/src/session/spqr/erasure-code.ts";
import { CT1, CT2, EK_VECTOR, HEADER } from "../../../../packages/protocol/src/session/spqr/incremental-kem.ts";
import type { SpqrMessage } from "../../../../packages/protocol/src/session/spqr/message.ts";
import { MAC } from "../../../../packages/protocol/src/session/spqr/authenticator.ts";
import type { KnownKeys } from "./known-keys.ts";

const EPOCH_SECRET = ascii("Signal_PQCKA_V1_MLKEM768:SCKA Key");
const NEXT = ascii("Signal PQ Ratchet V1 Chain Next");

/** What travels in chunks, with its size. */
const sizes = { header: HEADER + MAC, ek: EK_VECTOR, ct1: CT1, ct2: CT2 + MAC } as const;
type Part = keyof typeof sizes;
const parts = Object.keys(sizes) as Part[];

/** All that was seen of one epoch: chunks by index, or the whole. */
type Pieces = Record<Part, Map<number, Uint8Array>>;

/** One session's braid and its epoch chains, as far as they are known. */
export class BraidChase {
  readonly #p: Primitives;
  readonly #keys: KnownKeys;
  readonly #pieces = new Map<number, Pieces>();
  /** How far each epoch's chain was followed in a direction, and the message keys on the way. */
  readonly #derived = new Map<string, { index: number; value: Uint8Array; keys: Map<number, Uint8Array> }>();
  #chains: EpochChains;

  constructor(p: Primitives, keys: KnownKeys, chains: EpochChains) {
    this.#p = p;
    this.#keys = keys;
    this.#chains = chains;
  }

  /** Takes what a stolen braid holds: its secret, its own piece, and chunks it was sent. */
  loot(braid: Braid): void {
    const whole = (part: Part, message: Uint8Array): void => {
      for (let index = 0; index < message.length / CHUNK; index++) {
        this.#add(braid.epoch, part, { index, data: message.slice(index * CHUNK, (index + 1) * CHUNK) });
      }
    };
    if ("seed" in braid) {
      this.#keys.addKem(braid.seed);
      // Late states keep the seed alone; the public half follows from it, and says that this epoch's key is ours.
      whole("ek", this.#p.mlKem768.publicKey(braid.seed).subarray(0, EK_VECTOR));
    }
    if ("message" in braid) this.#keys.addKemMessage(braid.message);
    if ("ekVector" in braid) whole("ek", braid.ekVector);
    if ("ct1" in braid) whole("ct1", braid.ct1);
    if ("header" in braid) whole("header", concat(braid.header, new Uint8Array(MAC)));
    const received = { headerIn: "header", ekIn: "ek", ct1In: "ct1", ct2In: "ct2" } as const;
    for (const [field, part] of Object.entries(received)) {
      const decoder = (braid as unknown as Record<string, { chunks: readonly Chunk[] } | undefined>)[field];
      for (const chunk of decoder?.chunks ?? []) this.#add(braid.epoch, part, chunk);
    }
  }

  /** A message went by. */
  see({ epoch, payload: { type, chunk } }: SpqrMessage): void {
    if (chunk === undefined) return;
    const part = type === "ek-and-ack" ? "ek" : (type as Part);
    this.#add(epoch, part, chunk);
  }

  #add(epoch: number, part: Part, chunk: Chunk): void {
    const pieces = this.#pieces.get(epoch) ?? { header: new Map(), ek: new Map(), ct1: new Map(), ct2: new Map() };
    pieces[part].set(chunk.index, chunk.data);
    this.#pieces.set(epoch, pieces);
  }

  /** Computes every epoch secret that follows from what was seen. */
  advance(): void {
    for (;;) {
      const epoch = (this.#chains.links.at(-1)?.epoch ?? 0) + 1;
      const shared = this.#sharedSecret(epoch);
      if (shared === undefined) return;
      const secret = this.#p.hkdf(undefined, shared, concat(EPOCH_SECRET, be8(epoch)), 32);
      this.#chains = addEpoch(this.#p, this.#chains, epoch, secret);
    }
  }

  #sharedSecret(epoch: number): Uint8Array | undefined {
    const pieces = this.#pieces.get(epoch);
    if (pieces === undefined) return undefined;
    const [header, ek, ct1, ct2] = parts.map((part) => assemble(pieces[part], sizes[part]));
    for (const seed of this.#keys.kemSeeds) {
      const publicKey = this.#p.mlKem768.publicKey(seed);
      const isOurs =
        (header !== undefined && equalBytes(header.subarray(0, 32), publicKey.subarray(EK_VECTOR))) ||
        (ek !== undefined && equalBytes(ek, publicKey.subarray(0, EK_VECTOR)));
      if (isOurs && ct1 !== undefined && ct2 !== undefined) {
        return this.#p.mlKem768.decapsulate(seed, concat(ct1, ct2.subarray(0, CT2)));
      }
    }
    if (header === undefined || pieces.ct1.size === 0) return undefined;
    for (const message of this.#keys.kemMessages) {
      const { u, sharedSecret } = this.#p.mlKem768.encapsulateFirst(header.subarray(0, 32), header.subarray(32, HEADER), message);
      if (agrees(u, pieces.ct1)) return sharedSecret;
    }
    return undefined;
  }

  /** The key of message `index` of an epoch's chain in a direction; absent when the chain is further, or not known. */
  messageKey(direction: Direction, epoch: number, index: number): Uint8Array | undefined {
    const link = this.#chains.links.find((candidate) => candidate.epoch === epoch);
    if (link === undefined) return undefined;
    const isSending = direction === this.#chains.direction;
    const chain = isSending ? link.sending : link.receiving;
    if (!isSending && link.skipped.has(index)) return link.skipped.get(index);
    if (chain === undefined || index <= chain.index) return undefined;
    const name = `${epoch} ${direction}`;
    const derived = this.#derived.get(name) ?? { ...chain, keys: new Map<number, Uint8Array>() };
    this.#derived.set(name, derived);
    while (derived.index < index) {
      const keys = this.#p.hkdf(undefined, derived.value, concat(be4(++derived.index), NEXT), 64);
      derived.value = keys.slice(0, 32);
      derived.keys.set(derived.index, keys.slice(32));
    }
    return derived.keys.get(index);
  }
}

function assemble(chunks: ReadonlyMap<number, Uint8Array>, size: number): Uint8Array | undefined {
  let decoder = startDecoder(size);
  for (const [index, data] of chunks) {
    const next = addChunk(decoder, { index, data });
    if (next.message !== undefined) return next.message;
    decoder = next.decoder;
  }
  return undefined;
}

/** Whether a chunk that was sent as it is says what we computed. Chunks beyond the message are code: they say the same, less directly. */
function agrees(ct1: Uint8Array, chunks: ReadonlyMap<number, Uint8Array>): boolean {
  const plain = [...chunks].filter(([index]) => index < CT1 / CHUNK);
  return plain.length > 0 && plain.every(([index, data]) => equalBytes(data, ct1.subarray(index * CHUNK, (index + 1) * CHUNK)));
}
