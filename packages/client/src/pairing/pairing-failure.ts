// How a run of the pairing machine ended, as an error of the public surface.

import { type PairingFailure, ProtocolError } from "@sotto/protocol";
import { asMessengerError } from "../error-mapping.ts";
import type { MessengerError } from "../errors.ts";

/** The error of a run that failed with this code. */
export function pairingFailure(code: PairingFailure, message: string): MessengerError {
  return asMessengerError(new ProtocolError(code, message));
}
