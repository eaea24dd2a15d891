// What a relay refuses, in the client's words. Takes an answer with an error, or a code of the live socket; gives a `MessengerError` that
// says whether trying again can help. Not a concern here: when to try again.

import { decodeFailure, isWireErrorCode, wireErrors } from "@sotto/wire";
import { MessengerError } from "../errors.ts";
import { RETRY_AFTER_MS } from "../limits.ts";

/** The error of an answer whose status is not a success. */
export function failureOf(status: number, headers: Headers, body: Uint8Array): MessengerError {
  try {
    const { code, retryAfter } = decodeFailure(body);
    return refusal(code, status, retryAfter);
  } catch {
    // Something between us and the relay (a proxy, a captive portal) answered: only the status is left to go by.
    const header = headers.get("retry-after");
    return refusal("unknown", status, header === null ? undefined : Number(header));
  }
}

/** The error of a refusal: its code, HTTP status, and the seconds that the relay asks to wait. */
export function refusal(code: string, status: number, retryAfter: number | undefined): MessengerError {
  const asked = (retryAfter ?? Number.NaN) * 1000;
  const wait = asked >= 0 ? Math.min(asked, RETRY_AFTER_MS.most) : RETRY_AFTER_MS.usual;
  if (status === 429) return new MessengerError("relay/rate-limited", { retryAfter: wait });
  if (status === 426) return new MessengerError("relay/upgrade-required", {});
  const retryable = isWireErrorCode(code) ? wireErrors[code].retryable : status === 408 || status >= 500;
  if (retryable) return new MessengerError("relay/busy", { code, retryAfter: wait });
  return new MessengerError("relay/rejected", { status, code });
}
