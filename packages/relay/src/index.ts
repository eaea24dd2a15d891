// The door of @sotto/relay.

export { type Clock, systemClock } from "./clock.ts";
export { defaultLimits, type Limits, limitsWith, type Rate } from "./limits.ts";
export { jsonLog, type Log, type LogEntry } from "./ops/log.ts";
export { type Relay, type RelayOptions, startRelay } from "./relay.ts";
export { StoreOpenError } from "./store/store.ts";
