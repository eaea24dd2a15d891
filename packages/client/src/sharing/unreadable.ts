// The error for what another tab or process of the account should not have said. A file of its own: who runs what was asked for needs it before
// anybody else is there (company.ts). Not a concern here: reading messages (channel-message.ts).

import { MessengerError } from "../errors.ts";

/** The error for what another tab or process should not have said. */
export function unreadable(what: string, cause?: unknown): MessengerError {
  return new MessengerError(
    "argument/invalid",
    { reason: `another tab or process of this account sent what cannot be read: ${what}` },
    { cause },
  );
}
