// Names that people give themselves and others see. Incoming text is hostile: a name has a bound and holds nothing that a screen or a
// terminal obeys instead of showing.

import { MAX_NAME_LENGTH } from "../limits.ts";

// Controls, line and paragraph separators, and the marks that reorder or hide the text around them.
const UNSHOWABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB]/u;

/** Why a text is no name, or `undefined` when it is one: at most 64 code points, well-formed, nothing that is not shown. May be empty. */
export function nameProblem(name: string): string | undefined {
  if (!name.isWellFormed()) return "is not well-formed text";
  if (name.length > 2 * MAX_NAME_LENGTH || [...name].length > MAX_NAME_LENGTH) return `is longer than ${MAX_NAME_LENGTH} characters`;
  if (UNSHOWABLE.test(name)) return "holds control characters";
  return undefined;
}
