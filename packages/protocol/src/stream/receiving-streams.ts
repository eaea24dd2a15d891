// The receiving chains of a direction that a ratchet renews (spec §4): the current one, the next, whose first cell the peer may pin at any
// moment, and what is still missing of those that ended. Immutable values. Where the chains' roots come from is the session's concern.

import { type Reader, be2, be4, concat, equalBytes } from "../bytes.ts";
import { ProtocolError } from "../errors.ts";
import { MAX_ENDED_CHAINS, MAX_GAPS } from "../limits.ts";
import type { Primitives } from "../primitives/primitives.ts";
import { Secret } from "../secret.ts";
import { ADDRESS_LENGTH, splitAddress } from "./cell.ts";
import {
  type ReceivingChain,
  type WatchChange,
  type WatchedAddress,
  consume,
  encodeReceivingChain,
  findWatched,
  gapCount,
  readReceivingChain,
  startReceivingChain,
  widen,
} from "./chain.ts";

/** Roots T (32 bytes) of the current chain and the next; absent where there is no such chain yet. */
export interface StreamRoots {
  readonly current: Uint8Array | undefined;
  readonly next: Uint8Array | undefined;
}

export interface ReceivingStreams {
  readonly current: ReceivingChain | undefined;
  readonly next: ReceivingChain | undefined;
  /**
   * What is missing of ended chains, oldest chain first; nothing of a chain is an entry too, so that chains age alike here and in the
   * ratchet. Their roots are erased: these addresses are all that is left of them.
   */
  readonly ended: readonly (readonly WatchedAddress[])[];
}

/** Where an address was found. */
export interface FoundAddress {
  readonly place: "current" | "next" | "ended";
  readonly address: WatchedAddress;
}

const chainOf = (p: Primitives, root: Uint8Array | undefined, from = 0): ReceivingChain | undefined =>
  root === undefined ? undefined : startReceivingChain(p, new Secret(root.slice()), from);

/** The streams of a session that has received nothing through them; of the current chain `from` messages came by another way. */
export function startReceivingStreams(p: Primitives, roots: StreamRoots, from: number): ReceivingStreams {
  return { current: chainOf(p, roots.current, from), next: chainOf(p, roots.next), ended: [] };
}

/** Every address that is waited for. */
export function watchedAddresses(streams: ReceivingStreams): readonly WatchedAddress[] {
  return [...streams.ended.flat(), ...(streams.current?.watched ?? []), ...(streams.next?.watched ?? [])];
}

/** The watched address with this tag, if there is one. */
export function findInStreams(streams: ReceivingStreams, tag: Uint8Array): FoundAddress | undefined {
  for (const place of ["current", "next"] as const) {
    const chain = streams[place];
    const address = chain && findWatched(chain, tag);
    if (address !== undefined) return { place, address };
  }
  const address = streams.ended.flat().find((missing) => equalBytes(missing.tag, tag));
  return address === undefined ? undefined : { place: "ended", address };
}

/**
 * The streams after the cell at `found` was opened. For a cell of the next chain that chain becomes the current one: `nextRoot` is T of the
 * one after, and `lastIndex` the index that the peer says was the last of the chain before.
 */
export function consumeInStreams(
  p: Primitives,
  streams: ReceivingStreams,
  { place, address }: FoundAddress,
  turn: { readonly nextRoot: Uint8Array | undefined; readonly lastIndex: number },
): { streams: ReceivingStreams; change: WatchChange } {
  if (place === "ended") {
    const ended = streams.ended.map((missing) => missing.filter((other) => other !== address));
    return { streams: { ...streams, ended }, change: { add: [], drop: [address] } };
  }
  const chain = streams[place];
  if (chain === undefined) throw new ProtocolError("cell/unknown-tag", "this chain is gone");
  const { chain: consumed, change } = consume(p, chain, address);
  if (place === "current") return { streams: { ...streams, current: consumed }, change };

  const before = streams.current?.watched ?? [];
  const missing = before.filter((other) => other.index <= turn.lastIndex).slice(-MAX_GAPS);
  const ended = streams.current === undefined ? [] : [...streams.ended, missing];
  const forgotten = ended.splice(0, Math.max(0, ended.length - MAX_ENDED_CHAINS)).flat();
  const next = chainOf(p, turn.nextRoot);
  return {
    streams: { current: consumed, next, ended },
    change: {
      add: [...change.add, ...(next?.watched ?? [])],
      drop: [...change.drop, ...before.filter((other) => !missing.includes(other)), ...forgotten],
    },
  };
}

/** Cells that are known to be missing: gaps below the highest seen of the current chain, and all that ended chains wait for. */
export function missingCount(streams: ReceivingStreams): number {
  return streams.ended.flat().length + (streams.current === undefined ? 0 : gapCount(streams.current));
}

/** Both live chains with a wider window: see `widen`. */
export function widenStreams(
  p: Primitives,
  streams: ReceivingStreams,
  window: number,
): { streams: ReceivingStreams; add: readonly WatchedAddress[] } {
  const current = streams.current && widen(p, streams.current, window);
  const next = streams.next && widen(p, streams.next, window);
  return { streams: { ...streams, current: current?.chain, next: next?.chain }, add: [...(current?.add ?? []), ...(next?.add ?? [])] };
}

/** Current and next chain behind a flag byte each, then BE2 count of ended chains, each BE2 count of (index BE4 || tag 16 || cellKey 32). */
export function encodeReceivingStreams({ current, next, ended }: ReceivingStreams): Uint8Array {
  const chain = (held: ReceivingChain | undefined): Uint8Array =>
    held === undefined ? Uint8Array.of(0) : concat(Uint8Array.of(1), encodeReceivingChain(held));
  const missing = ended.map((addresses) =>
    concat(be2(addresses.length), ...addresses.map(({ index, tag, cellKey }) => concat(be4(index), tag, cellKey.expose()))),
  );
  return concat(chain(current), chain(next), be2(ended.length), ...missing);
}

/** Reads streams from the front of `reader`. `decode/invalid`. */
export function readReceivingStreams(p: Primitives, reader: Reader): ReceivingStreams {
  const malformed = (): ProtocolError => new ProtocolError("decode/invalid", "stored streams are damaged");
  const chain = (): ReceivingChain | undefined => {
    const flag = reader.byte();
    if (flag > 1) throw malformed();
    return flag === 1 ? readReceivingChain(p, reader) : undefined;
  };
  const current = chain();
  const next = chain();
  const chains = reader.uint(2);
  if (chains > MAX_ENDED_CHAINS) throw malformed();
  const ended = Array.from({ length: chains }, () => {
    const count = reader.uint(2);
    if (count > MAX_GAPS) throw malformed();
    return Array.from({ length: count }, () => ({ index: reader.uint(4), ...splitAddress(reader.take(ADDRESS_LENGTH)) }));
  });
  return { current, next, ended };
}
