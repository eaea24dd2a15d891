// Names that people give, checked before they are taken.

import { nameProblem } from "@sotto/protocol";
import { MessengerError } from "./errors.ts";

/** `argument/invalid` for a name that others would refuse: more than 64 characters, or something that cannot be shown. May be empty. */
export function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== undefined) throw new MessengerError("argument/invalid", { reason: `the name ${problem}` });
}
