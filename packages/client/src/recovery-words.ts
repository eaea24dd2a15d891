// The words of the recovery phrase. A file of its own because it needs the list of all 2,048 words: it is loaded when somebody looks at
// them (later.ts). Not a concern here: who may look.

import { phraseFromEntropy, type Primitives } from "@sotto/protocol";

/** The words of an account's entropy (32 bytes), in order. */
export function wordsOf(p: Primitives, entropy: Uint8Array): readonly string[] {
  return phraseFromEntropy(p, entropy).words();
}
