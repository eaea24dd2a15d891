// An error answer of a relay, in the client's words. Takes status, headers and body; gives a `MessengerError` that says whether trying
// again can help. Not a concern here: when to try again.

import { decodeFailure, isWireErrorCode, wireErrors } from "@sotto/wire";
import { MessengerError } from "../errors.ts";

/** How long to wait when the relay asks to wait and does not say how long. */
const DEFAULT_RETRY_MS = 5_000;
/** The longest wait that a relay is believed: an hour. */
const MAX_RETRY_MS = 3_600_000;

/** The error of an answer whose status is not a success. */
export function failureOf(status: number, headers: Headers, body: Uint8Array): MessengerError {
  let code = "unknown";
  let retryAfter = Number(headers.get("retry-after") ?? Number.NaN) * 1000;
  try {
    const failure = decodeFailure(body);
    code = failure.code;
    if (failure.retryAfter !== undefined) retryAfter = failure.retryAfter * 1000;
  } catch {
    // Something between us and the relay (a proxy, a captive portal) answered: only the status is left to go by.
  }
  const wait = Number.isFinite(retryAfter) && retryAfter >= 0 ? Math.min(retryAfter, MAX_RETRY_MS) : DEFAULT_RETRY_MS;
  if (status === 429 || code === "relay/rate-limited") return new MessengerError("relay/rate-limited", { retryAfter: wait });
  if (status === 426) return new MessengerError("relay/upgrade-required", {});
  const retryable = isWireErrorCode(code) ? wireErrors[code].retryable : status === 408 || status >= 500;
  if (retryable) return new MessengerError("relay/busy", { code, retryAfter: wait });
  return new MessengerError("relay/rejected", { status, code });
}
