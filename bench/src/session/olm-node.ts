// olm as Node loads it: its typings and its entry are CommonJS.

import { createRequire } from "node:module";
import { type OlmModule, olmPeer } from "./olm.ts";
import type { Peer } from "./peer.ts";

/** Loads and starts the module. */
export async function loadOlm(): Promise<Peer> {
  const olm = createRequire(import.meta.url)("@matrix-org/olm") as OlmModule;
  await olm.init();
  return olmPeer(olm);
}
