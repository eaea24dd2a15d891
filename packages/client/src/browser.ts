// The door of @sotto/client in browsers.

import { browserPlatform } from "./browser-platform.ts";
import { sdkOn } from "./sdk.ts";

export { checkWords, type CheckedWord } from "@sotto/protocol";
export type * from "./api.ts";
export * from "./errors.ts";
export { loadEverything } from "./later.ts";
export { makeQr } from "./qr.ts";
export { decodeQr, type Picture } from "./qr-reader.ts";
export { indexedDb } from "./storage/indexeddb.ts";
export { memory } from "./storage/memory.ts";

export const { createAccount, openAccount, restoreAccount, joinAsDevice, listAccounts, sendSecret, receiveSecret } =
  sdkOn(browserPlatform());
