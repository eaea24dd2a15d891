// `sotto restore`: an account from its 24 words, as a new device in an empty folder.
import { MessengerError, restoreAccount } from "@sotto/client";
import { ownName } from "../account/own-name.ts";
import { readDescriptor, readPrivateFile } from "../account/secret-input.ts";
import { accountIn, chosenRelays, clientOptions, sync } from "../account/with-client.ts";
import { UsageError } from "../args/parse.ts";
import type { Command, Context } from "../command.ts";

export const restore: Command = {
  name: "restore",
  summary: "bring an account back from its 24 words",
  details:
    "The words are asked for, or come from a file or file descriptor; never from arguments. They do not know your name: give it\nagain. The account's other devices stay.",
  flags: [
    { name: "words-fd", value: "n", help: "read the words from this file descriptor" },
    { name: "words-file", value: "file", help: "read the words from this file" },
    { name: "passphrase", help: "seal the account on this disk with a passphrase" },
  ],

  async run(context) {
    const { place, out, passphrase, input } = context;
    const existing = await accountIn(place);
    if (existing) throw new MessengerError("account/exists", { id: existing });
    const relays = chosenRelays(context);
    const phrase = await words(context);
    const unlock = input.has("passphrase") || passphrase.isGiven ? await passphrase.chosen() : undefined;
    const name = await ownName(context);
    place.secure();
    place.rememberRelay(relays.join(",")); // Before the account is there: it must never be without.
    await using client = await restoreAccount(phrase, {
      ...clientOptions(context, relays),
      name,
      ...(unlock ? { unlock } : {}),
    });
    await sync(client, context);
    out.answer({ id: client.id, name: client.profile.get().name, relays, dir: place.folder }, `Restored: ${client.id}`);
  },
};

async function words({ input, terminal }: Context): Promise<string> {
  const descriptor = input.value("words-fd");
  const file = input.value("words-file");
  if (descriptor !== undefined && file !== undefined) throw new UsageError("give --words-fd or --words-file, not both");
  if (descriptor !== undefined) return textOf(readDescriptor("words-fd", descriptor));
  if (file !== undefined) return textOf(readPrivateFile(file));
  return terminal.hidden("Your 24 words (not shown): ");
}

/** The phrase's own reader minds neither line ends nor spaces. */
function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
