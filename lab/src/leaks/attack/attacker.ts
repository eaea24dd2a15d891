// An attacker: has the relay's full log and the public directory, and is handed a stolen state, keys, or both. Tries all that these allow;
// says what it opened, recognised and saw. It never gets the truth.

import type { Primitives } from "@sotto/protocol";
import { type KeyRing, noKeys } from "../key-ring.ts";
import type { Loot } from "../party.ts";
import type { Recording } from "../recording.ts";
import { Board } from "./board.ts";
import { type Finds, noFinds } from "./finds.ts";
import { KnownKeys } from "./known-keys.ts";
import { attackRatchet } from "./ratchet-attack.ts";
import { attackStatic } from "./static-attack.ts";

/** What everybody has who holds the relay. */
export type Evidence = Pick<Recording, "layer" | "log" | "published" | "days">;

/** What this attacker has besides. */
export interface Means {
  readonly loot?: Loot;
  readonly keys?: KeyRing;
}

/** Everything that these means get out of the evidence. */
export function attack(p: Primitives, { layer, log, published, days }: Evidence, { loot, keys = noKeys }: Means): Finds {
  const known = new KnownKeys(p, keys);
  if (loot !== undefined) known.add(loot.device.keys.privateKey.expose());
  const board = new Board(log);
  const finds = noFinds();
  const accounts = [published.victim, published.peer];
  if (layer === "static") attackStatic(p, board, finds, known, accounts, days, loot?.session);
  else attackRatchet({ p, board, finds, keys: known }, accounts, days, loot);
  return finds;
}
