// The commitment of the side that reads the code (spec §6, P-10, P-14): in its first message it fixes, unseen, the nonce, the randomness of its
// encapsulation and its info. Without it that side could wait for the other nonce and try values until the six digits suit it: a million
// attempts, less than a minute. Takes values, gives the commitment, or whether an opening fits it.

import { ascii, concat, equalBytes } from "../bytes.ts";
import type { Primitives } from "../primitives/primitives.ts";

const COMMIT = ascii("Sotto Pair v1 commit");

/** What was committed to, and what it has to fit. */
export interface Opening {
  /** From M1, 32 bytes. */
  readonly commitment: Uint8Array;
  /** nC, 32 bytes. */
  readonly nonce: Uint8Array;
  /** m, 32 bytes. */
  readonly message: Uint8Array;
  readonly info: Uint8Array;
  /** ekD, 1,184 bytes. */
  readonly kemKey: Uint8Array;
  /** ct from M3, 1,088 bytes. */
  readonly ciphertext: Uint8Array;
}

/** How D judges an opening. There is one rule, `verifyOpening`; attack tests put weaker ones in its place. */
export type OpeningRule = (p: Primitives, opening: Opening) => boolean;

/** `SHA-256("Sotto Pair v1 commit" || nC || m || info)`, 32 bytes. */
export function commit(p: Primitives, nonce: Uint8Array, message: Uint8Array, info: Uint8Array): Uint8Array {
  return p.sha256(concat(COMMIT, nonce, message, info));
}

/** Whether the opening is the committed one, and the ciphertext the one that its randomness makes. */
export const verifyOpening: OpeningRule = (p, opening) => {
  if (!equalBytes(commit(p, opening.nonce, opening.message, opening.info), opening.commitment)) return false;
  const again = p.mlKem768.encapsulate(opening.kemKey, opening.message);
  if (again === undefined) return false;
  again.sharedSecret.fill(0);
  return equalBytes(again.ciphertext, opening.ciphertext);
};
