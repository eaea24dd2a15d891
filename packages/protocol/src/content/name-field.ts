// The name of a person or a device as a field of contents, both ways: one that can be shown. What it names is not a concern here.

import type { Fields } from "../fields.ts";
import { MAX_NAME_LENGTH } from "../limits.ts";
import { nameProblem } from "../meeting/name.ts";
import { unacceptable } from "./codec.ts";

/** The value of a `name` field. `argument/invalid` for what cannot be shown. */
export function encodeName(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw unacceptable(`a name ${problem}`);
  return name;
}

/** The `name` among these fields. Fails as `fields` does for what cannot be shown. */
export function decodeName(fields: Fields): string {
  const name = fields.text("name", 2 * MAX_NAME_LENGTH);
  const problem = nameProblem(name);
  if (problem !== undefined) throw fields.invalid("name", problem);
  return name;
}
