// Opens the account of a folder for the time of one command, and closes it whatever happens. Takes the context; gives a client.
import { type Client, type ClientOptions, MessengerError, listAccounts, openAccount, sqliteFile } from "@sotto/client";
import { hostname } from "node:os";
import { UsageError } from "../args/parse.ts";
import type { Context } from "../command.ts";
import { messageOf } from "../output/error-words.ts";
import type { Place } from "./place.ts";

/** How long a command waits for the relay before it says that it does not answer, in ms. */
const SYNC_WITHIN_MS = 30_000;

/** Runs `use` with the account of this folder. `account/not-found`, `storage/locked`, `storage/wrong-key`. */
export async function withClient<T>(context: Context, use: (client: Client) => Promise<T>): Promise<T> {
  if (!context.place.hasStore) throw new MessengerError("account/not-found", {});
  context.place.secure();
  const client = await openAccount({ ...hereOptions(context), unlock: () => context.passphrase.existing() });
  try {
    refuseOtherRelays(client, context);
    return await use(client);
  } finally {
    await client.close();
  }
}

/** The id of the account that is in a folder already, if there is one. */
export async function accountIn(place: Place): Promise<string | undefined> {
  if (!place.hasStore) return undefined;
  const storage = sqliteFile(place.store);
  try {
    return (await listAccounts(storage))[0]?.id;
  } finally {
    await storage.close();
  }
}

/** What every way to an account has in common. */
export function clientOptions(context: Context, relay: readonly string[]): ClientOptions {
  return { relay, ...hereOptions(context) };
}

function hereOptions(context: Context): Omit<ClientOptions, "relay"> {
  return { storage: sqliteFile(context.place.store), deviceName: deviceName(context), signal: context.signal };
}

/** The relays of a new account or a pairing, home first: the flag, else SOTTO_RELAY, else those this folder knows. Several with commas. */
export function chosenRelays({ input, env, place }: Context): readonly [home: string, ...others: string[]] {
  const chosen = input.value("relay") ?? (env["SOTTO_RELAY"] || place.relay);
  if (chosen === undefined) {
    throw new UsageError(
      "which relay? Give its address with --relay or in SOTTO_RELAY; for one on this computer (npm start): --relay http://localhost:8787",
    );
  }
  const [home = "", ...others] = chosen.split(",").map((relay) => relay.trim());
  return [relayAddress(home), ...others.map(relayAddress)];
}

/** What looks like a relay's address. */
export function relayAddress(text: string): string {
  if (/^(https?|wss?):\/\/[^\s/]/.test(text) && URL.canParse(text)) return text;
  throw new UsageError(`${JSON.stringify(text)} is no relay's address: it begins with https:// (or http:// on your own machine)`);
}

/** An account has its relays, whichever of its devices chose them: a flag does not move it in passing. */
function refuseOtherRelays({ relays }: Client, { input, place }: Context): void {
  const flag = input.value("relay");
  if (flag === undefined) return;
  const current = relays.list.get().filter(({ leaving }) => leaving === undefined);
  const own = current.map(({ url }) => url.href.replace(/\/$/, "")).join(",");
  if (canonical(flag) === canonical(own)) return;
  throw new UsageError(
    `the account in ${place.folder} is on ${own} and stays there: leave --relay out, give another --dir, or see: sotto relays`,
  );
}

/** Addresses as they are compared: ws and http name the same relay, and a slash at the end means nothing. */
function canonical(relays: string): string {
  const each = relays.split(",").map((relay) => relay.trim().replace(/^ws/i, "http").replace(/\/+$/, ""));
  return each.join(",").toLowerCase();
}

/** What this device is called where it joins. */
export function deviceName(context: Context): string {
  return context.input.value("name") ?? `Terminal on ${hostname()}`;
}

/** Waits until the relay has everything of ours and we have everything of it. `relay/unreachable`. */
export async function sync(client: Client, context: Context): Promise<void> {
  const late = AbortSignal.timeout(SYNC_WITHIN_MS);
  try {
    await client.sync({ signal: AbortSignal.any([context.signal, late]) });
    tellOfQuestions(client, context);
  } catch (error) {
    if (late.aborted && !context.signal.aborted) {
      const relay = client.relays.list.get()[0]?.url.href ?? "";
      throw new MessengerError("relay/unreachable", { relay }, { cause: error });
    }
    throw error;
  }
}

const told = new WeakSet<Client>();

/** What came up just now must not wait until somebody happens to look; said once a command. */
function tellOfQuestions(client: Client, { out }: Context): void {
  const { length } = client.recovery.questions.get();
  if (length === 0 || told.has(client)) return;
  told.add(client);
  out.note(`sotto: ${length === 1 ? "something waits" : `${length} things wait`} for you to decide (see: sotto recovery)`);
}

/** The same for commands that are of use without a network: says so and goes on. */
export async function trySync(client: Client, context: Context): Promise<void> {
  try {
    await sync(client, context);
  } catch (error) {
    if (!MessengerError.is(error, "relay/unreachable")) throw error;
    context.out.note(`sotto: ${messageOf(error, context.place.folder)} What follows is what this device knows.`);
  }
}
