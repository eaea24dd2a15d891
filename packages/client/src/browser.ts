// The door of @sotto/client in browsers.

import { browserPlatform } from "./browser-platform.ts";
import { quicken } from "./browser-primitives.ts";
import { loadEverything as loadLater } from "./later.ts";
import { sdkOn } from "./sdk.ts";

export { checkWords, type CheckedWord } from "@sotto/protocol";
export type * from "./api.ts";
export * from "./errors.ts";
export { makeQr } from "./qr.ts";
export { decodeQr, type Picture } from "./qr-reader.ts";
export { indexedDb } from "./storage/indexeddb.ts";
export { memory } from "./storage/memory.ts";

export const { createAccount, openAccount, restoreAccount, joinAsDevice, listAccounts, sendSecret, receiveSecret } =
  sdkOn(browserPlatform());

/**
 * Loads all that is otherwise loaded when it is first asked for, and the faster cryptography, which takes over at once. An app calls it once
 * it is at rest, so that everything works later without a network, or when the server has only the files of a newer version. Rejects when a
 * part cannot be loaded; it may be called again.
 */
export async function loadEverything(): Promise<void> {
  await loadLater();
  await quicken();
}
