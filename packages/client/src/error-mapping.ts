// Errors of the layers below as errors of the public surface.

import { MessengerError } from "./errors.ts";

/** Any error as a `MessengerError`; what is unknown becomes `internal` with the original as its cause. */
export function asMessengerError(error: unknown): MessengerError {
  if (error instanceof MessengerError) return error;
  return new MessengerError("internal", {}, { cause: error });
}
