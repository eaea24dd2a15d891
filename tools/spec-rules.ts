// The rules of the specification by number: each number names one rule, and every number that is cited names a rule. Takes texts by path;
// gives findings. Not a concern here: what a rule says.

const RULE = /^- \*\*([A-Z]-\d+[a-z]?)\*\*/gm;
const CITED = /\b[A-Z]-\d+[a-z]?\b/g;

/** What is wrong with the numbers of these pages, and with the places that cite them (pages cite too). */
export function specRules(pages: ReadonlyMap<string, string>, citing: ReadonlyMap<string, string>): string[] {
  const rules = new Map<string, string>();
  const findings: string[] = [];
  for (const [path, text] of pages) {
    for (const [, number] of text.matchAll(RULE) as Iterable<[string, string]>) {
      const other = rules.get(number);
      if (other !== undefined) findings.push(`${path}: ${number} is a rule of ${other} already`);
      rules.set(number, path);
    }
  }
  const letters = new Set([...rules.keys()].map((number) => number.charAt(0)));
  for (const [path, text] of [...pages, ...citing]) {
    for (const [number] of text.matchAll(CITED)) {
      if (letters.has(number.charAt(0)) && !rules.has(number)) findings.push(`${path}: there is no rule ${number}`);
    }
  }
  return findings;
}
