// "Perhaps you meant": the word of a list that a mistyped word is nearest to.

/** The candidate that differs by at most two edits (one for short words), if there is any. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const allowed = word.length <= 4 ? 1 : 2;
  const ranked = candidates.map((candidate) => ({ candidate, edits: edits(word, candidate) })).toSorted((a, b) => a.edits - b.edits);
  return ranked.find((one) => one.edits <= allowed)?.candidate;
}

/** Insertions, deletions, replacements and swaps of neighbours that make one word of the other. */
function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity;
      rows[i]?.push(Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1));
    }
  }
  return at(a.length, b.length);
}
