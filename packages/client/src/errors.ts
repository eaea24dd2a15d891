// What can go wrong, as one class with stable codes. Takes a code and its details; gives an Error that says what happened, what to do,
// who has to act and whether trying again can help. Codes are part of semver; messages are for people and may change. Not a concern
// here: turning errors of other layers into these (error-mapping.ts).

import { errorTexts } from "./error-texts.ts";

/** Who has to act: `misuse` the caller, `user` the person, `peer` the other side, `relay` the server, `storage` this disk, `bug` us. */
export type Blame = "misuse" | "user" | "peer" | "relay" | "storage" | "bug";

/** Every code and the data that comes with it: safe to show, never key material, never anybody's text. */
export interface ErrorDetails {
  "account/not-found": object;
  "account/exists": { id: string };
  "address/invalid": { reason: string };
  "address/not-found": object;
  "address/handle-taken": { handle: string };
  "phrase/bad-length": { words: number };
  "phrase/bad-word": { position: number; word: string; suggestions: readonly string[] };
  "phrase/bad-checksum": object;
  "phrase/other-account": object;
  "recovery/not-here": object;
  "backup/damaged": { reason: string };
  "backup/wrong-key": object;
  "backup/newer": { found: number; known: number };
  "backup/not-found": object;
  "backup/too-large": { limit: number };
  "storage/locked": object;
  /** `passphrase-needed`: it is sealed with one and none was given; `keeper`: it was sealed on another platform or profile. */
  "storage/wrong-key": { reason: "passphrase-needed" | "passphrase-wrong" | "keeper" };
  "storage/full": object;
  "storage/corrupt": { what: string };
  "storage/newer": { found: number; known: number };
  "storage/unavailable": { reason: string };
  "relay/unreachable": { relay: string };
  /** `retryAfter` in ms. */
  "relay/rate-limited": { retryAfter: number };
  /** It answers and cannot do it now: full, overloaded, stopping. `code` is the relay's, `retryAfter` in ms. */
  "relay/busy": { code: string; retryAfter: number };
  "relay/upgrade-required": object;
  "relay/rejected": { status: number; code: string };
  /** The relay broke a promise: it sent what no honest relay sends, or withheld what it acknowledged. */
  "relay/misbehaving": { what: string };
  "invite/invalid": { reason: string };
  "invite/expired": object;
  "invite/used": object;
  "invite/self": object;
  "identity/invalid": { what: string };
  "identity/rolled-back": { known: number; received: number };
  "identity/not-listed": object;
  "identity/changed": { contact: string };
  "message/empty": object;
  "message/too-large": { limit: number; size: number };
  "message/unreadable": { reason: string };
  /** Cells of one sender that should be there and are not (yet). */
  "message/missing": { count: number };
  "session/peer-or-clone": object;
  "send/failed": { attempts: number };
  "device/limit": { limit: number };
  "device/qr-invalid": { reason: string };
  "device/already-used": object;
  "device/code-mismatch": object;
  /** Not six digits; the one try is not used up. */
  "device/code-malformed": object;
  "device/expired": object;
  "device/denied": object;
  "device/pairing-failed": { reason: string };
  "device/not-root": object;
  "device/history-lost": object;
  "device/removed": object;
  /** It was handed an account and not signed into its list yet. */
  "device/not-listed": object;
  "argument/invalid": { reason: string };
  aborted: object;
  closed: object;
  internal: object;
}

export type ErrorCode = keyof ErrorDetails;

/** One `MessengerError` type for each code, so that `details` narrows with `code`. */
export type OneOf<C extends ErrorCode> = C extends ErrorCode ? MessengerError<C> : never;

/** Where the pages of errors are. */
const DOCS = "docs/errors/";

/** The one error class of this package. */
export class MessengerError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "MessengerError";
  readonly code: C;
  readonly details: ErrorDetails[C];
  readonly blame: Blame;
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retryable: boolean;

  constructor(code: C, details: ErrorDetails[C], options: { cause?: unknown } = {}) {
    const text = errorTexts[code];
    super(text.message(details), options);
    this.code = code;
    this.details = details;
    this.blame = text.blame;
    this.retryable = text.retryable ?? false;
  }

  /** The page about this code: what happened, why, what to do. A path from the root of the documentation's repository. */
  get docs(): string {
    return `${DOCS}${this.code}.md`;
  }

  /** With no codes: any MessengerError. With several: a union discriminated by `code`, so that `details` narrows. */
  static is<C extends ErrorCode = ErrorCode>(error: unknown, ...codes: readonly C[]): error is OneOf<C> {
    if (!(error instanceof MessengerError)) return false;
    const known: readonly ErrorCode[] = codes;
    return known.length === 0 || known.includes(error.code);
  }
}
