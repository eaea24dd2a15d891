// The words of the recovery phrase. A file of its own because it needs the list of all 2,048 words: it is loaded when somebody looks at
// them or types them (later.ts). Not a concern here: who may look, what the words are for.

import { parsePhrase, phraseFromEntropy, type Primitives } from "@sotto/protocol";
import { asMessengerError } from "./error-mapping.ts";

/** The words of an account's entropy (32 bytes), in order. */
export function wordsOf(p: Primitives, entropy: Uint8Array): readonly string[] {
  return phraseFromEntropy(p, entropy).words();
}

/** The entropy of words that a person typed. `phrase/bad-word`, `phrase/bad-length`, `phrase/bad-checksum`. */
export function entropyOf(p: Primitives, text: string): Uint8Array {
  try {
    return parsePhrase(p, text).entropy.expose().slice();
  } catch (error) {
    throw asMessengerError(error);
  }
}
