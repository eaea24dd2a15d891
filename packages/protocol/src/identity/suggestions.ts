// Which words of a list a mistyped word may have meant: for the error that points at it. Takes a word and a list, gives a few candidates.

const MAX_SUGGESTIONS = 3;
const MAX_DISTANCE = 2;
/** No word of the list is longer than 8 letters; longer input has no neighbours and is not worth comparing. */
const MAX_LENGTH = 12;
/** The first four letters tell the words of BIP-39 apart, and some people write down only those. */
const UNIQUE_PREFIX = 4;

/** At most three words, the nearest first; none when nothing is near. */
export function suggestWords(word: string, list: readonly string[]): readonly string[] {
  if (word.length > MAX_LENGTH) return [];
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of list) {
    const distance = editDistance(word, candidate);
    const sharesPrefix = word.length >= UNIQUE_PREFIX && candidate.startsWith(word.slice(0, UNIQUE_PREFIX));
    if (sharesPrefix || distance <= MAX_DISTANCE) scored.push({ candidate, score: sharesPrefix ? distance / 8 : distance });
  }
  return scored
    .toSorted((a, b) => a.score - b.score)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ candidate }) => candidate);
}

/** Insertions, deletions, replacements and swaps of neighbours between two short words (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, at(previous, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(beforePrevious, j - 2) + 1);
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
