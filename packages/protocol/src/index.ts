// The door of @sotto/protocol: everything that another package may use. Bytes in, bytes and values out; no network, storage, clock or
// global randomness.

export * from "./conversation.ts";

export * from "./identity/phrase.ts";

export * from "./session/static-session.ts";

export { backupAuthor, type BackupAuthor } from "./backup/author.ts";
export * from "./backup/backup-key.ts";
export { CHUNK_LENGTH, paddedChunks } from "./backup/chunk.ts";
export { BACKUP_HEADER_LENGTH } from "./backup/header.ts";
export * from "./backup/index-blob.ts";
export * from "./backup/reader.ts";
export * from "./backup/writer.ts";

export type * from "./pairing/events.ts";
export type { PairingPhase, PairingState } from "./pairing/state.ts";
export type { PairingStep } from "./pairing/machine.ts";
export * from "./pairing/pairing.ts";
