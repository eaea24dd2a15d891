// The public surface of @sotto/client: what an application sees, and nothing of how it is done.
// Rule of the house: every async call takes `{ signal }`; every error is a MessengerError with a stable `code`;
// every stream is gap-free across reconnects and restarts; nothing here returns a raw key except `recovery.reveal`.

export type * from "./api/opening.ts";
export type * from "./api/client.ts";
export type * from "./api/meeting.ts";
export type * from "./api/conversations.ts";
export type * from "./api/people.ts";
export type * from "./api/devices.ts";
export type * from "./api/relays.ts";
export type * from "./api/recovery.ts";
export type * from "./api/backups.ts";
export type * from "./api/adapters.ts";
export type * from "./api/values.ts";
