// One-time prekeys of a device, of which the relay hands out each once: held to the bundle that signs them, carried over to the device's next
// list, handed out. Pure: values in, values out. Not its concern: storage and its transactions (store/), how often (rates/).

import { createHash } from "node:crypto";
import { countOneTimePrekeys, ONE_TIME_PREKEY_BYTES, WireError } from "@sotto/wire";

/** A device's list, and what is left of it. */
export interface OneTimePrekeys {
  /** count BE2 || count × (id BE4 || key (33)), as the device published it. */
  readonly list: Uint8Array;
  /** Indices of those that were not handed out yet, a byte each. */
  readonly left: Uint8Array;
}

/**
 * A list as its device published it, all of it left; `undefined` for none. A bundle and its list come together: nobody can put a bundle that
 * they know from elsewhere in the place of one whose prekeys are being handed out.
 * @param hash what the bundle signs: SHA-256 of the list, zeros for none
 * @throws WireError `frame/invalid`, `directory/bad-signature`
 */
export function verifyOneTimePrekeys(list: Uint8Array | undefined, hash: Uint8Array): OneTimePrekeys | undefined {
  if (list === undefined) {
    if (hash.every((byte) => byte === 0)) return undefined;
    throw new WireError("frame/invalid", "a bundle signs one-time prekeys that were not brought with it");
  }
  const count = countOneTimePrekeys(list);
  if (!createHash("sha256").update(list).digest().equals(hash)) {
    throw new WireError("directory/bad-signature", "one-time prekeys are not those that their bundle signs");
  }
  return { list, left: Uint8Array.from({ length: count }, (_, index) => index) };
}

/** A device's next list without what was handed out of its last one: a bundle that is signed anew may bring the same prekeys. */
export function carryOver(held: OneTimePrekeys, next: OneTimePrekeys): OneTimePrekeys {
  const left = new Set(held.left);
  const handedOut = new Set<string>();
  for (let index = 0; index < countOneTimePrekeys(held.list); index++) if (!left.has(index)) handedOut.add(prekeyAt(held.list, index));
  return { list: next.list, left: next.left.filter((index) => !handedOut.has(prekeyAt(next.list, index))) };
}

/**
 * Hands out one; `undefined` when none is left. Any of them, so that its index does not tell how many others asked.
 * @param choose a random integer below its argument
 */
export function handOut({ left }: OneTimePrekeys, choose: (below: number) => number): { taken: number; left: Uint8Array } | undefined {
  if (left.length === 0) return undefined;
  const taken = left[choose(left.length)] as number;
  return { taken, left: left.filter((index) => index !== taken) };
}

function prekeyAt(list: Uint8Array, index: number): string {
  const offset = 2 + index * ONE_TIME_PREKEY_BYTES;
  return Buffer.from(list.subarray(offset, offset + ONE_TIME_PREKEY_BYTES)).toString("latin1");
}
