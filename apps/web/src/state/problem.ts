// What a screen says about an error: takes whatever was thrown, gives a title, a text and the way on.
// The sentence itself is the client's (MessengerError says what happened and what to do). Not its concern: where it is shown.

import type { ErrorCode } from "@sotto/client";
import { isMessengerError } from "./messenger.ts";

/** `retry`: the same again. `close`: nothing to repeat, change the input or go back. `reload`: load the app anew. */
export type WayOn = "retry" | "close" | "reload";

/** What is shown of an error. */
export interface Problem {
  title: string;
  text: string;
  way: WayOn;
}

/** A title and a way on for each code: a code that is not here does not compile. */
const PROBLEMS: { readonly [C in ErrorCode]: readonly [title: string, way: WayOn] } = {
  "account/not-found": ["No account here", "reload"],
  "account/exists": ["Already on this device", "reload"],
  "address/invalid": ["Not an address", "close"],
  "address/not-found": ["Nobody found", "close"],
  "address/handle-taken": ["This handle is taken", "close"],
  "phrase/bad-length": ["Not 24 words yet", "close"],
  "phrase/bad-word": ["One word is not right", "close"],
  "phrase/bad-checksum": ["Almost", "close"],
  "phrase/other-account": ["Words of another account", "close"],
  "recovery/not-here": ["Your 24 words are on another device", "close"],
  "backup/damaged": ["This backup is damaged", "close"],
  "backup/wrong-key": ["Another account's backup", "close"],
  "backup/newer": ["Made by a newer version", "reload"],
  "backup/not-found": ["No backup found", "close"],
  "backup/too-large": ["Too large for the relay", "close"],
  "storage/locked": ["Open in another tab", "retry"],
  "storage/wrong-key": ["The storage does not open", "retry"],
  "storage/full": ["No space left", "retry"],
  "storage/corrupt": ["The storage is damaged", "reload"],
  "storage/newer": ["Made by a newer version", "reload"],
  "storage/unavailable": ["Nothing can be kept here", "retry"],
  "relay/unreachable": ["No connection", "retry"],
  "relay/rate-limited": ["A short pause", "retry"],
  "relay/busy": ["The relay is busy", "retry"],
  "relay/upgrade-required": ["Time for an update", "reload"],
  "relay/rejected": ["The relay said no", "retry"],
  "relay/misbehaving": ["The relay broke its promise", "retry"],
  "invite/invalid": ["This invite does not work", "close"],
  "invite/expired": ["This invite has expired", "close"],
  "invite/used": ["This invite was used", "close"],
  "invite/self": ["This is your own invite", "close"],
  "identity/invalid": ["Refused for your safety", "close"],
  "identity/rolled-back": ["Refused for your safety", "close"],
  "identity/changed": ["Ask before you go on", "close"],
  "identity/not-listed": ["Refused for your safety", "close"],
  "message/empty": ["Nothing to send", "close"],
  "message/too-large": ["Too long", "close"],
  "message/unreadable": ["A message could not be read", "close"],
  "message/missing": ["Something is still on its way", "close"],
  "session/peer-or-clone": ["Sending has stopped", "close"],
  "send/failed": ["Not sent", "retry"],
  "device/limit": ["Too many devices", "close"],
  "device/qr-invalid": ["Not a code of Sotto", "close"],
  "device/already-used": ["This code was used", "retry"],
  "device/code-mismatch": ["The digits do not match", "retry"],
  "device/code-malformed": ["Six digits, please", "close"],
  "device/expired": ["Time is up", "retry"],
  "device/denied": ["Cancelled on the other device", "retry"],
  "device/pairing-failed": ["The devices did not agree", "retry"],
  "device/removed": ["Removed from your account", "close"],
  "device/history-lost": ["Some history is missing", "close"],
  "device/not-root": ["Not from this device", "close"],
  "device/not-listed": ["This device was removed", "reload"],
  "argument/invalid": ["That does not fit", "close"],
  aborted: ["Cancelled", "close"],
  closed: ["Closed", "reload"],
  internal: ["Something went wrong", "reload"],
};

/** What to show for anything that was thrown. What is not a MessengerError is our fault, and its message stays out of sight. */
export function problemOf(error: unknown): Problem {
  if (!isMessengerError(error)) {
    return {
      title: "Something went wrong",
      text: "It is our fault, not yours. What you wrote is kept. Load Sotto again to go on.",
      way: "reload",
    };
  }
  const entry: readonly [string, WayOn] | undefined = PROBLEMS[error.code];
  const [title, way] = entry ?? ["Something went wrong", "reload"];
  return { title, text: error.message, way: way === "close" && error.retryable ? "retry" : way };
}

/** Whether the error only says that the person, or the view, gave up. */
export function isAbort(error: unknown): boolean {
  return isMessengerError(error, "aborted") || (error instanceof DOMException && error.name === "AbortError");
}

/** Whether nobody foresaw this error. */
export function isUnexpected(error: unknown): boolean {
  return !isMessengerError(error) || error.code === "internal";
}
