// What @sotto/client/testing has on every platform: for tests of applications, and of storages written elsewhere.

export { type AccountDigest, accountDigest, type ConversationDigest } from "./account-digest.ts";
export type { Faults } from "./faults.ts";
export type { RelayField, RelayRecord } from "./seen.ts";
export { type StorageCase, storageCases, type StorageFixture } from "./storage-cases.ts";
export type { TestRelay, TestRelayOptions } from "./test-relay.ts";
export { VirtualClock } from "./virtual-clock.ts";
