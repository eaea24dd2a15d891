// `sotto login`: this folder becomes a device of an account that is on another device.
import { MessengerError, joinAsDevice } from "@sotto/client";
import { accountIn, chosenRelays, clientOptions, sync } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { pastedCode, receive, showCode, textFlag } from "../pairing/dialogue.ts";

export const login: Command = {
  name: "login",
  summary: "make this a device of your account, with the help of another device",
  details:
    "Shows a code for the device that has the account (sotto link --paste, or the app's camera). With --paste it takes that device's code\ninstead, which is harder to phish.",
  flags: [
    textFlag,
    { name: "paste", help: "take the code that the other device shows (sotto link)" },
    { name: "passphrase", help: "seal the account on this disk with a passphrase" },
  ],

  async run(context) {
    const { place, out, passphrase, input } = context;
    const existing = await accountIn(place);
    if (existing) throw new MessengerError("account/exists", { id: existing });
    const relays = chosenRelays(context);
    const unlock = input.has("passphrase") || passphrase.isGiven ? await passphrase.chosen() : undefined;
    place.secure();
    place.rememberRelay(relays.join(","));
    const session = await joinAsDevice({ ...clientOptions(context, relays), ...(unlock ? { unlock } : {}) });
    session.client.catch(() => {}); // Awaited by receive(); a failure before that is no unhandled rejection.
    if (input.has("paste")) await session.scan(await pastedCode(context), { typed: true });
    else showCode(context, session.qr, session.expires, "Scan it with your other device; or --text here, and sotto link --paste there.");
    await using client = await receive(context, session, session.client);
    await sync(client, context);
    const name = client.profile.get().name;
    out.answer({ event: "done", id: client.id, name, relays, dir: place.folder }, `This is a device of ${name} now: ${client.id}`);
  },
};
