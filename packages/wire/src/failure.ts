// How a failure travels: CBOR { code, message, retryAfter? } as the body of every answer with an error status.

import { decodeFrame, encodeFrame } from "./cbor.ts";
import { isWireErrorCode, WireError } from "./errors.ts";
import { MAX_ANSWER_BYTES } from "./limits.ts";

/** A failure as a relay told it; a newer relay may use a code that this release does not know. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** The body of an answer that tells `error`. */
export function encodeFailure(error: WireError): Uint8Array {
  return encodeFrame({ code: error.code, message: error.message, retryAfter: error.retryAfter });
}

/** Reads the body of an answer with an error status. Throws `frame/invalid`, `frame/too-large`. */
export function decodeFailure(bytes: Uint8Array): Failure {
  const fields = decodeFrame(bytes, MAX_ANSWER_BYTES, "an error answer");
  const failure: Failure = {
    code: fields.text("code", 64),
    message: fields.text("message", 512),
    ...(fields.has("retryAfter") && { retryAfter: fields.uint("retryAfter") }),
  };
  fields.end();
  if (!/^[a-z-]+\/[a-z-]+$/.test(failure.code)) throw new WireError("frame/invalid", "an error answer's code is not a code");
  return failure;
}

/** The failure as an error; one with a code that this release does not know becomes `relay/internal`. */
export function errorOfFailure(failure: Failure): WireError {
  const options = failure.retryAfter === undefined ? {} : { retryAfter: failure.retryAfter };
  if (isWireErrorCode(failure.code)) return new WireError(failure.code, failure.message, options);
  return new WireError("relay/internal", `${failure.code}: ${failure.message}`, options);
}
