// The door of @sotto/client/testing: for tests of applications and of storages written elsewhere.

export { type StorageCase, storageCases, type StorageFixture } from "./storage-cases.ts";
export { VirtualClock } from "./virtual-clock.ts";
