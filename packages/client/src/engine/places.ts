// Where a device reads the board (spec §4): from its bundle to the shard that a writer names. Not a concern here: addresses, sending.

import { decodeBundle, MAX_PUBLISHED_BITS } from "@sotto/protocol";
import { type Shard, WHOLE_BOARD } from "@sotto/wire";

/**
 * The shard that a device's bundle names: the first bits of its locator, the rest zero. Never more bits than this release allows, whatever a
 * card says: a shard of one reader would tell the relay who reads. Without a bundle: the whole board.
 */
export function shardOf(bundle: Uint8Array | undefined): Shard {
  if (bundle === undefined) return WHOLE_BOARD;
  const { bits, locator } = decodeBundle(bundle);
  const allowed = Math.min(bits, MAX_PUBLISHED_BITS);
  const prefix = new Uint8Array(8);
  for (let bit = 0; bit < allowed; bit++) {
    const byte = bit >> 3;
    prefix[byte] = (prefix[byte] as number) | ((locator[byte] as number) & (0x80 >> (bit & 7)));
  }
  return { bits: allowed, prefix };
}
