// Errors of the protocol, of the contract with the relay and of the platform, as errors of the public surface. Takes anything that was
// thrown; gives a `MessengerError`. Details are rebuilt field by field: nothing passes through unseen.

import { ProtocolError, type ProtocolErrorCode } from "@sotto/protocol";
import { WireError } from "@sotto/wire";
import { type ErrorCode, type ErrorDetails, MessengerError } from "./errors.ts";

/** Any error as a `MessengerError`; what is unknown becomes `internal`, with the original as its cause. */
export function asMessengerError(error: unknown): MessengerError {
  if (error instanceof MessengerError) return error;
  if (error instanceof ProtocolError) return (fromProtocol[error.code] ?? byBlame)(error);
  // The relay's refusals are turned into ours where they are read; this is a value of ours that the contract has no room for.
  if (error instanceof WireError) return made("argument/invalid", { reason: error.message }, error);
  if (error instanceof DOMException && error.name === "AbortError") return made("aborted", {}, error);
  return made("internal", {}, error);
}

const invalidArgument = (error: ProtocolError): MessengerError => made("argument/invalid", { reason: error.message }, error);
const invalidIdentity = (error: ProtocolError): MessengerError => made("identity/invalid", { what: error.message }, error);
/** The reason alone where there is one: the sentence around it is ours. */
const invalidInvite = (error: ProtocolError): MessengerError => {
  const { reason } = error.details;
  return made("invite/invalid", { reason: typeof reason === "string" ? reason : error.message }, error);
};
const unreadable = (error: ProtocolError): MessengerError => made("message/unreadable", { reason: error.message }, error);
const invalidCode = (error: ProtocolError): MessengerError => made("device/qr-invalid", { reason: error.message }, error);

/** What is not in the table below: bytes that the other side made, or an argument that we were given. */
function byBlame(error: ProtocolError): MessengerError {
  return error.blame === "peer" ? unreadable(error) : invalidArgument(error);
}

/** Codes of which people have to hear something more telling. */
const fromProtocol: Readonly<Partial<Record<ProtocolErrorCode, (error: ProtocolError) => MessengerError>>> = {
  "agreement/invalid-key": invalidIdentity,
  "phrase/bad-length": (error) => made("phrase/bad-length", { words: number(error, "words") }, error),
  "phrase/bad-word": (error) => {
    const { word, suggestions } = error.details;
    const details = {
      position: number(error, "position"),
      word: String(word),
      suggestions: Array.isArray(suggestions) ? suggestions.map(String) : [],
    };
    return made("phrase/bad-word", details, error);
  },
  "phrase/bad-checksum": (error) => made("phrase/bad-checksum", {}, error),
  "backup/damaged": (error) => made("backup/damaged", { reason: String(error.details["reason"] ?? error.message) }, error),
  "backup/wrong-key": (error) => made("backup/wrong-key", {}, error),
  "backup/newer": (error) => made("backup/newer", { found: number(error, "found"), known: number(error, "known") }, error),
  "identity/invalid-id": (error) => made("address/invalid", { reason: error.message }, error),
  "identity/bad-signature": invalidIdentity,
  "identity/rolled-back": (error) =>
    made("identity/rolled-back", { known: number(error, "known"), received: number(error, "received") }, error),
  "identity/not-listed": (error) => made("identity/not-listed", {}, error),
  "identity/id-reused": invalidIdentity,
  "identity/device-limit": (error) => made("device/limit", { limit: number(error, "limit") }, error),
  "message/too-large": (error) => made("message/too-large", { limit: number(error, "limit"), size: number(error, "size") }, error),
  "meeting/stale": invalidIdentity,
  "invite/invalid": invalidInvite,
  "invite/wrong-account": invalidInvite,
  "invite/expired": (error) => made("invite/expired", {}, error),
  "pairing/qr-invalid": invalidCode,
  "pairing/same-role": invalidCode,
  "pairing/expired": (error) => made("device/expired", {}, error),
  "pairing/already-used": (error) => made("device/already-used", {}, error),
  "pairing/code-mismatch": (error) => made("device/code-mismatch", {}, error),
  "pairing/code-malformed": (error) => made("device/code-malformed", {}, error),
  "pairing/cancelled": (error) => made("aborted", {}, error),
  "pairing/denied": (error) => made("device/denied", {}, error),
  "pairing/aborted": (error) => made("device/pairing-failed", { reason: error.message }, error),
};

function made<C extends ErrorCode>(code: C, details: ErrorDetails[C], cause: unknown): MessengerError {
  return new MessengerError(code, details, { cause }) as MessengerError;
}

function number(error: ProtocolError, field: string): number {
  const value = error.details[field];
  return typeof value === "number" ? value : 0;
}
