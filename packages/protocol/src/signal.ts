// The door to Signal's protocol alone: keys, signatures, PQXDH and ratchets, and a record of sessions that speaks with libsignal, for whoever
// brings their own identities and transport. Besides it @sotto/protocol has streams, meeting and contents (conversation.ts).

export * from "./bytes.ts";
export * from "./errors.ts";
export * from "./secret.ts";
export type { Aead, Primitives } from "./primitives/primitives.ts";

export * from "./agreement/key-pair.ts";
export { SIGNATURE_LENGTH, sign, verify } from "./identity/xeddsa.ts";
export { safetyNumber } from "./identity/safety-number.ts";

export { type KyberKeyPair, generateKyberKeyPair, kyberKeyPairFromSeed } from "./session/kyber1024.ts";
export type { OurPrekeys } from "./session/pqxdh.ts";
export * from "./session/session-record.ts";
export { decodeSessionRecord, encodeSessionRecord } from "./session/record-codec.ts";
