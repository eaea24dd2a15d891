// The door of @sotto/protocol: everything that another package may use. Bytes in, bytes and values out; no network, storage, clock or
// global randomness.

export * from "./conversation.ts";

export * from "./identity/phrase.ts";

export * from "./session/static-session.ts";

export type * from "./pairing/events.ts";
export type { PairingPhase, PairingState } from "./pairing/state.ts";
export type { PairingStep } from "./pairing/machine.ts";
export * from "./pairing/pairing.ts";
