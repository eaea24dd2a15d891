// A browser's primitives: the portable ones, which come with the first chat, until libsodium's are loaded, which take over where they are.
// Both give the same bytes, so that it does not matter when. Not a concern here: when a page has time for it.

import type { Primitives } from "@sotto/protocol";
import { portablePrimitives } from "@sotto/protocol/primitives/portable";

/** `getRandomValues` gives at most so many bytes at once. */
const RANDOM_PIECE = 65_536;

/** The primitives of this page: one object, whoever computes. */
export const browserPrimitives: Primitives = portablePrimitives(randomBytes);

/** The part of the provider's module that is used. */
interface Sodium {
  loadSodiumPrimitives(randomBytes: Primitives["randomBytes"]): Promise<Primitives>;
}

const loadSodium = (): Promise<Sodium> => import("@sotto/protocol/primitives/sodium");

/**
 * Lets libsodium take over in `primitives`. Rejects when its code cannot be loaded, and may be called again. Where a page may not run
 * WebAssembly (its policy lacks 'wasm-unsafe-eval') the primitives stay as they are.
 */
export async function quicken(primitives: Primitives = browserPrimitives, load = loadSodium): Promise<void> {
  const { loadSodiumPrimitives } = await load();
  const faster = await loadSodiumPrimitives(primitives.randomBytes).catch(() => undefined);
  Object.assign(primitives, faster);
}

function randomBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += RANDOM_PIECE) crypto.getRandomValues(bytes.subarray(offset, offset + RANDOM_PIECE));
  return bytes;
}
