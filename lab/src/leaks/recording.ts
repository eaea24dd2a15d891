// What a run leaves behind: the relay's log, which every attacker has, and the truth about it, which only the verdict uses.

import type { Cell } from "@sotto/protocol";
import type { KeyRing } from "./key-ring.ts";
import type { Loot, Published } from "./party.ts";
import type { Side } from "./schedule.ts";

/** What conversations run on: the one agreed key of spec/01, or the ratchets of spec/03. */
export type Layer = "static" | "ratchet";

/** The truth about one cell of the log, which has the same number. */
export interface Letter {
  readonly from: Side;
  readonly plaintext: Uint8Array;
  /** For a first contact, which is sealed to the device it is for: whether a one-time prekey was used. */
  readonly first?: { readonly oneTime: boolean };
}

/** What happened to letters and to the state, in order; `at` in ms. */
export type Happening = { readonly at: number } & (
  | { readonly what: "begun" | "written" | "read"; readonly by: Side; readonly letter: number }
  | { readonly what: "leak" }
);

/** A whole run. */
export interface Recording {
  readonly layer: Layer;
  /** Cells in the order in which they were pinned. */
  readonly log: readonly Cell[];
  readonly published: Readonly<Record<Side, Published>>;
  /** UTC days on which something was pinned. */
  readonly days: readonly number[];
  readonly loot: Loot;
  /** Keys of both sides, erased ones too, from the first to the last. */
  readonly keys: KeyRing;
  readonly letters: readonly Letter[];
  readonly happenings: readonly Happening[];
}
