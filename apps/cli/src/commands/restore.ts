// `sotto restore`: an account from its 24 words, as a new device in an empty folder.
import { MessengerError, restoreAccount } from "@sotto/client";
import { openBackupFile } from "../account/backup-file.ts";
import { ownName } from "../account/own-name.ts";
import { accountIn, chosenRelays, clientOptions, sync } from "../account/with-client.ts";
import { words, wordsFlags } from "../account/words.ts";
import type { Command } from "../command.ts";

export const restore: Command = {
  name: "restore",
  summary: "bring an account back from its 24 words",
  details:
    "The words are asked for, or come from a file or file descriptor; never from arguments. They do not know your name: give it\nagain, unless you have a backup. Other devices of the account stay if it was published (sotto publish) or restored before; else this one\ntakes their place: link them anew.",
  flags: [
    ...wordsFlags,
    { name: "backup", value: "file", help: "contacts and messages from this backup; `relay`: from the newest one that the relay has" },
    { name: "passphrase", help: "seal the account on this disk with a passphrase" },
  ],

  async run(context) {
    const { place, out, passphrase, input } = context;
    const existing = await accountIn(place);
    if (existing) throw new MessengerError("account/exists", { id: existing });
    const relays = chosenRelays(context);
    const phrase = await words(context);
    const unlock = input.has("passphrase") || passphrase.isGiven ? await passphrase.chosen() : undefined;
    const backup = input.value("backup");
    const source = backup === undefined || backup === "relay" ? backup : await openBackupFile(backup);
    // A backup knows it.
    const name = source === undefined ? await ownName(context) : (input.value("name") ?? "");
    place.secure();
    place.rememberRelay(relays.join(","));
    await using client = await restoreAccount(phrase, {
      ...clientOptions(context, relays),
      name,
      ...(unlock ? { unlock } : {}),
      ...(source === undefined ? {} : { backup: source }),
    });
    await sync(client, context);
    out.answer({ id: client.id, name: client.profile.get().name, relays, dir: place.folder }, `Restored: ${client.id}`);
  },
};
