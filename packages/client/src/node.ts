// The door of @sotto/client in Node.

import { nodePlatform } from "./node/node-platform.ts";
import { sdkOn } from "./sdk.ts";

export { checkWords, type CheckedWord } from "@sotto/protocol";
export type * from "./api.ts";
export * from "./errors.ts";
export { loadEverything } from "./later.ts";
export { decodeQr, makeQr, type Picture } from "./qr.ts";
export { memory } from "./storage/memory.ts";
export { sqliteFile } from "./node/sqlite-file.ts";

export const { createAccount, openAccount, restoreAccount, joinAsDevice, listAccounts, sendSecret, receiveSecret } = sdkOn(nodePlatform());
