// Errors of the command line itself, beside the SDK's; and how any error becomes a report with an exit code.
import { MessengerError } from "@sotto/client";
import { UsageError } from "../args/parse.ts";
import { messageOf } from "./error-words.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts";
import type { ErrorReport } from "./output.ts";

const ownCodes = {
  /** No contact, request or chat is called that. */
  "contact/not-found": exitCodes.notFound,
  /** More than one is. */
  "contact/ambiguous": exitCodes.usage,
  /** A question cannot be asked: there is nobody at the other end of stdin. */
  "terminal/needed": exitCodes.usage,
  /** A file or folder cannot be used as it is. */
  "file/refused": exitCodes.failed,
  /** The person said no. */
  "pairing/declined": exitCodes.failed,
  /** Nothing of this kind waits for a decision. */
  "recovery/no-question": exitCodes.notFound,
  /** A safety number that was read from their screen is another one than here. */
  "safety-number/mismatch": exitCodes.identityChanged,
  /** What was read is no safety number, or that of somebody else. */
  "safety-number/other-code": exitCodes.failed,
  /** The words typed back are not the right ones. */
  "recovery/wrong-words": exitCodes.failed,
} as const satisfies Record<string, ExitCode>;

/** An error of the command line. The message says what happened and what to do. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly code: keyof typeof ownCodes;

  constructor(code: keyof typeof ownCodes, message: string) {
    super(message);
    this.code = code;
  }
}

/** What is said about an error of a command that worked in `folder`, and how the process ends. Unknown errors are bugs: their text is not shown, it could hold anything. */
export function reportOf(error: unknown, folder: string): ErrorReport {
  if (error instanceof UsageError) return { code: error.code, message: error.message, retryable: false, exit: exitCodes.usage };
  if (error instanceof CommandError) return { code: error.code, message: error.message, retryable: false, exit: ownCodes[error.code] };
  if (MessengerError.is(error)) {
    const { code, retryable, details } = error;
    return { code, message: messageOf(error, folder), retryable, details, exit: exitCodeOf(code) };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  return {
    code: "internal",
    message: `something went wrong inside (${kind}). Please report it.`,
    retryable: false,
    exit: exitCodes.failed,
  };
}
