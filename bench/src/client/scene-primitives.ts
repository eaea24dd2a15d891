// Stands in a browser for the primitives of Node, with which a scene is made.

import type { Primitives } from "@sotto/protocol";
import { loadSodiumPrimitives } from "@sotto/protocol/primitives/sodium";

const sodium = await loadSodiumPrimitives((length) => crypto.getRandomValues(new Uint8Array(length)));

export function nodePrimitives(): Primitives {
  return sodium;
}
