// `sotto init`: a new account, in the folder that commands use.
import { MessengerError, createAccount } from "@sotto/client";
import { ownName } from "../account/own-name.ts";
import { accountIn, chosenRelays, clientOptions } from "../account/with-client.ts";
import type { Command } from "../command.ts";

export const init: Command = {
  name: "init",
  summary: "make a new account on this computer",
  details:
    "Needs a name to show to people you talk to, and a relay. No phone number, no e-mail. Works offline; the account's 24 words are shown\nby `sotto recovery show`. One folder holds one account: make another with --dir <folder>, and give --dir to its commands too.",
  flags: [{ name: "passphrase", help: "seal the account on this disk with a passphrase (asked for, or by --passphrase-fd or -file)" }],

  async run(context) {
    const { place, out, passphrase, input } = context;
    const existing = await accountIn(place);
    if (existing) throw new MessengerError("account/exists", { id: existing });
    const relays = chosenRelays(context);
    const name = await ownName(context);
    const unlock = input.has("passphrase") || passphrase.isGiven ? await passphrase.chosen() : undefined;
    place.secure();
    place.rememberRelay(relays.join(","));
    await using client = await createAccount({ ...clientOptions(context, relays), name, ...(unlock ? { unlock } : {}) });
    out.answer({ id: client.id, name, relays, dir: place.folder }, [
      `This is ${name}: ${client.id}`,
      `Kept in ${place.folder}. Next: sotto invite, and sotto recovery show.`,
    ]);
  },
};
