// What can go wrong, as one class with stable codes. Codes are part of semver; messages are for people and say what to do.

/** Who has to act: `misuse` the caller, `user` the person, `peer` the other side, `relay` the server, `storage` this disk, `bug` us. */
export type Blame = "misuse" | "user" | "peer" | "relay" | "storage" | "bug";

export interface ErrorDetails {
  "account/not-found": object;
  "account/exists": { id: string };
  "address/invalid": { reason: string };
  "address/not-found": object;
  "address/handle-taken": { handle: string };
  "phrase/bad-length": { words: number };
  "phrase/bad-word": { position: number; word: string; suggestions: readonly string[] };
  "phrase/bad-checksum": object;
  "recovery/not-here": object;
  "storage/locked": object;
  "storage/wrong-key": object;
  "storage/full": object;
  "storage/corrupt": { what: string };
  "storage/newer": { found: number; known: number };
  "storage/unavailable": { reason: string };
  "relay/unreachable": { relay: string };
  "relay/rate-limited": { retryAfter: number };
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
  "device/expired": object;
  "device/denied": object;
  "device/pairing-failed": { reason: string };
  "device/not-root": object;
  "argument/invalid": { reason: string };
  aborted: object;
  closed: object;
  internal: object;
}

export type ErrorCode = keyof ErrorDetails;
