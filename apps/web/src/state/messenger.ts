// The way to the client: its code is most of what the app loads, so it comes after the first screen is painted. Errors are known by
// their name and code, so that a screen can tell them apart without loading it.

import type { ErrorCode, MessengerError } from "@sotto/client";

/** The client's functions, loaded once. */
export const loadClient = async () => await import("./sdk.ts");

/** Loads the parts of the client that are not needed to open a chat. Rejects when one cannot be loaded. */
export async function loadWholeClient(): Promise<void> {
  await (await loadClient()).loadEverything();
}

/** Whether something thrown is the client's error, and with codes: one of these. */
export function isMessengerError<C extends ErrorCode = ErrorCode>(error: unknown, ...codes: readonly C[]): error is MessengerError<C> {
  if (!(error instanceof Error) || error.name !== "MessengerError" || !("code" in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}
