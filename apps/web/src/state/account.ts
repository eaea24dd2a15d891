// The account of this browser: opening it, making it, taking it away. Gives one signal that says at which stage the app is.
// Not its concern: screens, and everything the client does once it is open.

import { signal } from "@preact/signals";
import type { BackupSource, Client, ClientOptions } from "@sotto/client";
import { followClient } from "./happenings.ts";
import { isMessengerError, loadClient } from "./messenger.ts";
import { forgetPreferences, readPreferences, remember } from "./preferences.ts";
import { go } from "./route.ts";

/** Where the app stands. */
export type Stage =
  | { at: "opening" }
  /** This browser has no account yet. */
  | { at: "nobody" }
  /** The browser keeps its cryptography away from a page that came over such a connection. */
  | { at: "insecure" }
  | { at: "failed"; problem: unknown }
  | { at: "open"; client: Client };

/** The stage shown now. */
export const stage = signal<Stage>({ at: "opening" });

/** Why the backup of an account that was restored did not come in whole; until another one is tried. */
export const brokenOff = signal<unknown>(undefined);

/** What every way to a new account on this device is given here; an account that is here knows its relays. */
export function clientOptions(): ClientOptions {
  return { relay: location.origin };
}

let opening: Promise<void> | undefined;

/** Opens the account that is here, or finds that there is none. Calls at the same time are one. */
export function openHere(): Promise<void> {
  opening ??= open().finally(() => {
    opening = undefined;
  });
  return opening;
}

async function open(): Promise<void> {
  if (!canEncrypt()) {
    stage.value = { at: "insecure" };
    return;
  }
  // Where the app was never open, the first screen need not wait for the client to say so.
  if (stage.value.at === "opening" && readPreferences().opened === 0) stage.value = { at: "nobody" };
  try {
    const { listAccounts, openAccount } = await loadClient();
    const [first] = await listAccounts();
    if (first === undefined) stage.value = { at: "nobody" };
    else enter(await openAccount({ id: first.id }));
  } catch (problem) {
    if (isMessengerError(problem, "account/not-found")) stage.value = { at: "nobody" };
    else stage.value = { at: "failed", problem };
  }
}

/** A new account with this name. */
export async function startAccount(name: string): Promise<void> {
  await openHere();
  if (stage.value.at !== "nobody") return;
  const { createAccount } = await loadClient();
  enter(await createAccount({ ...clientOptions(), name }));
}

/** The account of these 24 words, on this device. The words do not know the name; a backup does. */
export async function restoreHere(phrase: string, { name, backup }: { name: string; backup?: BackupSource | undefined }): Promise<void> {
  const { listAccounts, openAccount, restoreAccount } = await loadClient();
  try {
    enter(await restoreAccount(phrase, { ...clientOptions(), name, ...(backup === undefined ? {} : { backup }) }));
  } catch (error) {
    // A backup that turns out to be damaged leaves the account, and what came before the damage: on with it, where this is said and another copy
    // can be taken in.
    const [made] = await listAccounts();
    if (made === undefined) throw error;
    brokenOff.value = error;
    enter(await openAccount({ id: made.id }));
    go({ at: "settings", page: "backup" }, { replace: true });
  }
}

/** Goes on with a client that was opened elsewhere (a linked device). */
export function enter(client: Client): void {
  remember({ opened: readPreferences().opened + 1 });
  followClient(client);
  client.on("connection", (connection) => {
    if (connection.state === "blocked" && connection.reason === "erased") startAnew();
  });
  stage.value = { at: "open", client };
}

/** Takes the account off this device, and everything this browser remembers with it. */
export async function eraseHere(client: Client): Promise<void> {
  await client.erase({ confirm: client.id });
  forgetPreferences();
  startAnew();
}

/** Loaded anew, nothing of an account that is gone is left in memory either. */
function startAnew(): void {
  history.replaceState(0, "", location.pathname);
  location.reload();
}

function canEncrypt(): boolean {
  return (
    window.isSecureContext && typeof crypto.subtle === "object" && typeof indexedDB === "object" && typeof navigator.locks === "object"
  );
}
