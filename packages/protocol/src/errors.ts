// What can go wrong inside the protocol: a stable code, who is to blame, and data that is safe to show. Never key material, never
// anybody's text.

/** Who has to act: `misuse` our caller, `user` the person who typed or scanned, `peer` whoever made the bytes. */
export type Blame = "misuse" | "user" | "peer";

/** Every code of this package and whose fault it is. */
export const protocolErrors = {
  "argument/invalid": "misuse",
  "decode/invalid": "peer",
  "agreement/invalid-key": "peer",
  "agreement/box-invalid": "peer",
  "phrase/bad-length": "user",
  "phrase/bad-word": "user",
  "phrase/bad-checksum": "user",
  "identity/invalid-id": "user",
  "identity/bad-signature": "peer",
  "identity/rolled-back": "peer",
  "identity/not-listed": "peer",
  "identity/id-reused": "peer",
  "identity/device-limit": "misuse",
  "cell/invalid": "peer",
  "cell/unknown-tag": "peer",
  "session/exhausted": "misuse",
  "session/none": "misuse",
  "session/duplicate": "peer",
  "session/too-far": "peer",
  "session/invalid-message": "peer",
  "session/wrong-address": "peer",
  "message/too-large": "misuse",
  "meeting/wrong-recipient": "peer",
  "meeting/stale": "peer",
  "invite/invalid": "user",
  "invite/wrong-account": "peer",
  "invite/expired": "user",
  "pairing/qr-invalid": "user",
  "pairing/same-role": "user",
  "pairing/expired": "user",
  "pairing/already-used": "user",
  "pairing/code-mismatch": "user",
  "pairing/code-malformed": "user",
  "pairing/cancelled": "user",
  "pairing/denied": "user",
  "pairing/aborted": "peer",
  "content/invalid": "peer",
  "backup/damaged": "peer",
  "backup/wrong-key": "user",
  "backup/newer": "user",
} as const satisfies Record<string, Blame>;

export type ProtocolErrorCode = keyof typeof protocolErrors;

/** The one error class of this package. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: ProtocolErrorCode;
  readonly blame: Blame;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ProtocolErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.blame = protocolErrors[code];
    this.details = details;
  }
}
