// The words of the recovery phrase. A file of its own because it needs the list of all 2,048 words: it is loaded when somebody looks at
// them or types them (later.ts). Not a concern here: who may look, what the words are for.

import { parsePhrase, phraseFromEntropy, type Primitives } from "@sotto/protocol";
import { asMessengerError } from "./error-mapping.ts";

/** Words that are asked back. */
const ASKED = 3;

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

/** Asks some of the words back; `right` is run each time that the answer is right. */
export function askBack(
  p: Primitives,
  words: readonly string[],
  right: () => Promise<void>,
): { positions: readonly number[]; answer(given: readonly string[]): Promise<boolean> } {
  const positions = chosen(p, words.length);
  const answer = async (given: readonly string[]): Promise<boolean> => {
    const isRight = given.length === ASKED && positions.every((position, i) => given[i]?.trim().toLowerCase() === words[position - 1]);
    if (isRight) await right();
    return isRight;
  };
  return { positions, answer };
}

/** Different positions, ascending, from 1. */
function chosen(p: Primitives, count: number): readonly number[] {
  const positions = new Set<number>();
  while (positions.size < ASKED) {
    const [random] = p.randomBytes(1) as unknown as [number];
    if (random < 256 - (256 % count)) positions.add((random % count) + 1);
  }
  return [...positions].toSorted((a, b) => a - b);
}
