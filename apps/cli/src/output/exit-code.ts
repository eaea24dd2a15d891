// Exit codes: what a script learns without reading anything. Takes an error; gives a number of the table in `sotto help`.
import type { ErrorCode } from "@sotto/client";

/** All exit codes of `sotto`. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  network: 3,
  locked: 4,
  identityChanged: 5,
  notFound: 6,
  tryLater: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Codes that mean more than "failed". */
const byCode: { readonly [C in ErrorCode]?: ExitCode } = {
  "argument/invalid": exitCodes.usage,
  "address/invalid": exitCodes.usage,
  "message/empty": exitCodes.usage,
  "relay/unreachable": exitCodes.network,
  "relay/misbehaving": exitCodes.network,
  "relay/rejected": exitCodes.network,
  "relay/rate-limited": exitCodes.tryLater,
  "relay/busy": exitCodes.tryLater,
  "send/failed": exitCodes.tryLater,
  "storage/locked": exitCodes.locked,
  "storage/wrong-key": exitCodes.locked,
  "identity/invalid": exitCodes.identityChanged,
  "identity/rolled-back": exitCodes.identityChanged,
  "identity/not-listed": exitCodes.identityChanged,
  "device/not-listed": exitCodes.identityChanged,
  "device/removed": exitCodes.identityChanged,
  "identity/changed": exitCodes.identityChanged,
  "session/peer-or-clone": exitCodes.identityChanged,
  "account/not-found": exitCodes.notFound,
  "address/not-found": exitCodes.notFound,
  aborted: exitCodes.interrupted,
};

/** The exit code for an error code of the SDK. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return byCode[code] ?? exitCodes.failed;
}
