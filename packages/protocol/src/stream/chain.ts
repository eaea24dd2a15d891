// Chains: the two ends of one direction's stream of cells (spec §4). A sending chain counts; a receiving chain knows which tags to watch: a
// window ahead of the highest cell seen, and the gaps below. Both are immutable values. Each address is derived once and kept until it is
// used or given up. What is in a cell is not a concern here.

import { type Reader, be2, be4, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_CELLS, MAX_GAPS, RECEIVING_WINDOW } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { type CellAddress, cellAddress, cellAddresses } from "./cell.ts";

const ROOT_LENGTH = 32;

/** The writing end: the stream's root T and the index of the next cell. */
export interface SendingChain {
  readonly root: Secret;
  readonly next: number;
}

/** A chain that has written nothing yet. */
export function startSendingChain(root: Secret): SendingChain {
  return { root, next: 0 };
}

/** Takes the next address; it is spent whether or not its cell is ever stored. `session/exhausted` after 2^32 cells. */
export function takeAddress(p: Primitives, chain: SendingChain): { chain: SendingChain; index: number; address: CellAddress } {
  const index = chain.next;
  if (index >= MAX_CELLS) throw new ProtocolError("session/exhausted", "this stream has no cells left: start a new session");
  return { chain: { root: chain.root, next: index + 1 }, index, address: cellAddress(p, chain.root, index) };
}

/** `root(32) || next BE4`. */
export function encodeSendingChain(chain: SendingChain): Uint8Array {
  return concat(chain.root.expose(), be4(chain.next));
}

/** Reads a sending chain from the front of `reader`. `decode/invalid`. */
export function readSendingChain(reader: Reader): SendingChain {
  return { root: new Secret(reader.take(ROOT_LENGTH)), next: reader.uint(4) };
}

/** An address that a receiving chain waits for. */
export interface WatchedAddress extends CellAddress {
  readonly index: number;
}

/** The reading end. `next` is the index after the highest seen; `watched` holds the gaps below it and the window ahead, by index. */
export interface ReceivingChain {
  readonly root: Secret;
  readonly next: number;
  readonly watched: readonly WatchedAddress[];
}

/** What changes in the table of tags when a cell was consumed. */
export interface WatchChange {
  readonly add: readonly WatchedAddress[];
  readonly drop: readonly WatchedAddress[];
}

/** A chain of which no cell was seen yet; it watches the first ones, but for `from` messages that came by another way. */
export function startReceivingChain(p: Primitives, root: Secret, from = 0): ReceivingChain {
  return { root, next: from, watched: addressesFrom(p, root, from, RECEIVING_WINDOW) };
}

/** The watched address with this tag; `undefined` for a tag that is not of this chain, was consumed, or lies beyond the window. */
export function findWatched(chain: ReceivingChain, tag: Uint8Array): WatchedAddress | undefined {
  return chain.watched.find((address) => equalBytes(address.tag, tag));
}

/** How many cells below the highest seen have not come, of those still watched. */
export function gapCount(chain: ReceivingChain): number {
  let count = 0;
  while (count < chain.watched.length && (chain.watched[count] as WatchedAddress).index < chain.next) count++;
  return count;
}

/** The chain after a watched cell was opened: its index is never watched again. Call it only for cells that fully verified. */
export function consume(p: Primitives, chain: ReceivingChain, consumed: WatchedAddress): { chain: ReceivingChain; change: WatchChange } {
  const { root } = chain;
  const rest = chain.watched.filter((address) => address.index !== consumed.index);
  if (rest.length === chain.watched.length) throw new ProtocolError("cell/unknown-tag", "this cell was already consumed");
  if (consumed.index < chain.next) return { chain: { root, next: chain.next, watched: rest }, change: { add: [], drop: [consumed] } };

  const next = consumed.index + 1;
  const gaps = rest.filter((address) => address.index < next);
  const ahead = rest.filter((address) => address.index >= next);
  const lost = gaps.splice(0, Math.max(0, gaps.length - MAX_GAPS));
  // More than a window is ahead only in a widened chain: the first hit narrows it again.
  const beyond = ahead.splice(RECEIVING_WINDOW);
  const add = addressesFrom(p, root, next + ahead.length, RECEIVING_WINDOW - ahead.length);
  return { chain: { root, next, watched: [...gaps, ...ahead, ...add] }, change: { add, drop: [consumed, ...lost, ...beyond] } };
}

/**
 * The chain with a wider window, `WIDE_WINDOWS`: for a stream that was away for longer than a board keeps cells, whose next cell may be further
 * ahead. The first cell that is consumed narrows it again; it is not stored.
 */
export function widen(p: Primitives, chain: ReceivingChain, window: number): { chain: ReceivingChain; add: readonly WatchedAddress[] } {
  const end = chain.next + chain.watched.length - gapCount(chain);
  const add = addressesFrom(p, chain.root, end, chain.next + window - end);
  return { chain: { ...chain, watched: [...chain.watched, ...add] }, add };
}

/** `root(32) || next BE4 || gap count BE2 || gaps BE4, ascending`. Addresses are derived again when it is read. */
export function encodeReceivingChain(chain: ReceivingChain): Uint8Array {
  const gaps = chain.watched.slice(0, gapCount(chain)).map((address) => be4(address.index));
  return concat(chain.root.expose(), be4(chain.next), be2(gaps.length), ...gaps);
}

/** Reads a receiving chain from the front of `reader`. `decode/invalid` for gaps that are too many, out of order or not below `next`. */
export function readReceivingChain(p: Primitives, reader: Reader): ReceivingChain {
  const root = new Secret(reader.take(ROOT_LENGTH));
  const next = reader.uint(4);
  const count = reader.uint(2);
  if (count > MAX_GAPS) throw new ProtocolError("decode/invalid", "a chain has too many gaps");
  const gaps: number[] = [];
  for (let i = 0; i < count; i++) {
    const gap = reader.uint(4);
    if (gap >= next || gap <= (gaps.at(-1) ?? -1)) throw new ProtocolError("decode/invalid", "the gaps of a chain are out of order");
    gaps.push(gap);
  }
  const watchedGaps = gaps.map((index) => ({ ...cellAddress(p, root, index), index }));
  return { root, next, watched: [...watchedGaps, ...addressesFrom(p, root, next, RECEIVING_WINDOW)] };
}

function addressesFrom(p: Primitives, root: Secret, from: number, count: number): WatchedAddress[] {
  const left = Math.max(0, Math.min(count, MAX_CELLS - from));
  return cellAddresses(p, root, from, left).map((address, i) => ({ ...address, index: from + i }));
}
