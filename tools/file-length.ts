// No source file grows beyond what one reads in one sitting. Tests, vectors and tables are long for a good reason and stay out.
// Takes path and text; gives a finding or undefined. Everything else about style is the linter's and the formatter's concern.
import { isCode, isTest } from "./source-files.ts";

/** Lines a file may have; between 400 and this a file should have a reason, above it the check fails. */
export const MAX_LINES = 600;

/** What is wrong with the length of this file, if anything. */
export function fileLength(path: string, text: string): string | undefined {
  if (!(isCode(path) || path.endsWith(".css")) || isTest(path) || isTable(path)) return undefined;
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > MAX_LINES ? `${path}: ${lines} lines (at most ${MAX_LINES}): split it, one concept a file` : undefined;
}

/** Data that a person never reads from top to bottom: word lists, vectors, generated tables. */
function isTable(path: string): boolean {
  return /(^|\/)(vectors|tables)\//.test(path) || /\.(table|vectors|wordlist)\.ts$/.test(path);
}
