// What can go wrong between a client and a relay: a stable code, its HTTP status, who has to act, and whether trying again can help.
// Both sides use the one table. Messages are for people; they never carry a tag, an account, a name or an address.
// Not its concern: how a failure travels (failure.ts).

/** Who has to act: `client` whoever made the request, `relay` whoever runs the relay. */
export type WireBlame = "client" | "relay";

/** What the table knows about a code. */
export interface WireErrorKind {
  /** HTTP status of an answer with this code. */
  readonly status: number;
  readonly blame: WireBlame;
  /** The same request may succeed later, unchanged. */
  readonly retryable: boolean;
}

const client = (status: number): WireErrorKind => ({ status, blame: "client", retryable: false });
const later = (status: number): WireErrorKind => ({ status, blame: "client", retryable: true });
const relay = (status: number): WireErrorKind => ({ status, blame: "relay", retryable: true });

/** Every code of the contract. A code is never renamed or used for something else. */
export const wireErrors = {
  /** Bytes that no correct program sends: wrong length, wrong type, not deterministic, a field too many. */
  "frame/invalid": client(400),
  "frame/too-large": client(413),
  "request/not-found": client(404),
  "request/method": client(405),
  "request/timeout": later(408),
  "relay/rate-limited": later(429),
  "relay/too-many-connections": later(503),
  "relay/busy": relay(503),
  "relay/stopping": relay(503),
  "relay/internal": relay(500),
  "board/full": relay(507),
  "board/unavailable": relay(503),
  /** The segment may still grow: ask again after it closed. */
  "segment/open": later(409),
  "segment/expired": client(410),
  "live/too-many-subscriptions": client(429),
  "live/subscription-exists": client(409),
  "live/unknown-subscription": client(404),
  /** The cursor is newer than the board: it belongs to another board. */
  "live/cursor-ahead": client(409),
  /** The reader granted credit and did not read. */
  "live/too-slow": later(408),
  /** The reader answered no heartbeat. */
  "live/silent": later(408),
  "directory/not-found": client(404),
  /** An older version or an older `issued` than the relay holds. */
  "directory/stale": client(409),
  /** Same version or same `issued`, other content. */
  "directory/conflict": client(409),
  "directory/bad-signature": client(422),
  "directory/not-listed": client(422),
  /** `issued` is more than an hour ahead of the relay's clock. */
  "directory/from-the-future": client(422),
  "directory/full": relay(507),
  "handle/invalid": client(400),
  "handle/not-found": client(404),
  "handle/taken": client(409),
  "handle/too-many": client(409),
  "handle/bad-signature": client(422),
  "blob/not-found": client(404),
  /** The id holds, or is being given, other bytes. */
  "blob/conflict": client(409),
  /** The part does not start where the received bytes end. */
  "blob/offset": client(409),
  "blob/too-large": client(413),
  "blob/range": client(416),
  "blob/full": relay(507),
} as const satisfies Record<string, WireErrorKind>;

/** A stable error code of the contract. */
export type WireErrorCode = keyof typeof wireErrors;

/** Whether this release knows the code. */
export function isWireErrorCode(code: string): code is WireErrorCode {
  return Object.hasOwn(wireErrors, code);
}

/** The one error class of this package and of the relay's answers. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly code: WireErrorCode;
  readonly status: number;
  readonly blame: WireBlame;
  readonly retryable: boolean;
  /** Seconds to wait before the same request is worth trying again. */
  readonly retryAfter: number | undefined;

  constructor(code: WireErrorCode, message: string, options: { readonly retryAfter?: number } = {}) {
    super(message);
    const kind = wireErrors[code];
    this.code = code;
    this.status = kind.status;
    this.blame = kind.blame;
    this.retryable = kind.retryable;
    this.retryAfter = options.retryAfter;
  }
}
