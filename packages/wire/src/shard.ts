// A shard: the part of the board that a reader reads, named by the first `bits` of a locator. Gives its one encoding, so that two names
// never mean the same shard. Not its concern: how many bits are wise (the reader's card says it, spec §4).

import { WireError } from "./errors.ts";
import { fromHex, toHex } from "./layout.ts";
import { PREFIX_BYTES } from "./limits.ts";

/** 0 to 64 bits, and 8 bytes in which all later bits are zero. */
export interface Shard {
  readonly bits: number;
  readonly prefix: Uint8Array;
}

/** The shard that is the whole board. */
export const WHOLE_BOARD: Shard = { bits: 0, prefix: new Uint8Array(PREFIX_BYTES) };

/** The shard of `bits` bits in which `locator` (8 bytes) lies. */
export function shardOf(bits: number, locator: Uint8Array): Shard {
  if (!Number.isInteger(bits) || bits < 0 || bits > 8 * PREFIX_BYTES) throw new WireError("frame/invalid", "a shard has 0 to 64 bits");
  if (locator.length !== PREFIX_BYTES) throw new WireError("frame/invalid", `a locator has ${PREFIX_BYTES} bytes`);
  return { bits, prefix: locator.map((byte, i) => byte & maskOf(bits - 8 * i)) };
}

/** The shard with exactly this name; bits of the prefix beyond `bits` are refused. */
export function parseShard(bits: number, prefix: Uint8Array): Shard {
  const shard = shardOf(bits, prefix);
  if (shard.prefix.some((byte, i) => byte !== prefix[i]))
    throw new WireError("frame/invalid", "a shard's prefix has bits beyond its length");
  return shard;
}

/** A key for maps: equal for equal shards. */
export function shardKey(shard: Shard): string {
  return `${shard.bits}/${toHex(shard.prefix)}`;
}

/** The shard of two path segments: decimal bits without leading zeros, 16 hexadecimal digits. */
export function parseShardPath(bits: string, prefix: string): Shard {
  if (!/^(0|[1-9]\d?)$/.test(bits)) throw new WireError("frame/invalid", "a shard has 0 to 64 bits");
  return parseShard(Number(bits), fromHex(prefix, PREFIX_BYTES));
}

/** The first `bits` bits of a byte, for any `bits`. */
function maskOf(bits: number): number {
  return bits >= 8 ? 0xff : bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}
