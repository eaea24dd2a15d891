// The relays that a person or a program names for an account. Takes one address or several; gives them as the account keeps them.

import { relaysProblem } from "@sotto/protocol";
import { MessengerError } from "../errors.ts";
import { httpBase } from "./relay-url.ts";

/** One relay, or several with the home first. */
export type RelayOption = string | URL | readonly (string | URL)[];

/** The addresses as `http(s)://host[:port][/path]`, each once. `argument/invalid` for what is no relay's address, for none, or for more than 4. */
export function relayList(option: RelayOption): readonly string[] {
  const given = typeof option === "string" || option instanceof URL ? [option] : option;
  const relays = [...new Set(given.map(httpBase))];
  const problem = relaysProblem(relays);
  if (problem !== undefined) throw new MessengerError("argument/invalid", { reason: `an account's relays ${problem}` });
  return relays;
}
