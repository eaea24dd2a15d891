// `sotto relays`: where the account reads, and the choice of other relays.
import type { AccountRelayState } from "@sotto/client";
import { relayAddress, sync, trySync, withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { localTime } from "../output/message-view.ts";

export const relays: Command = {
  name: "relays",
  summary: "show the relays of your account, or choose others",
  details:
    "Without an address, shows them. With addresses, the account has these from now on, the first one its home: your contacts and other devices\nare told, and what still comes to the old ones is read for 28 days more. With a second relay the account goes on when the first is gone.",
  operands: [{ name: "relay", help: "up to four addresses, home first", optional: true, rest: true }],

  run: (context) =>
    withClient(context, async (client) => {
      const { input, out, place, signal } = context;
      const asked = input.optional("relay");
      if (asked === undefined) await trySync(client, context);
      else {
        const chosen = asked.split(/\s+/).map(relayAddress);
        await client.relays.set(chosen, { signal });
        place.rememberRelay(chosen.join(","));
        await sync(client, context);
      }
      const list = client.relays.list.get();
      out.answer({ relays: list.map(shown) }, list.map(line));
    }),
};

function shown({ url, home, connection, leaving }: AccountRelayState): object {
  return { url: url.href, home, state: connection.state, ...(leaving === undefined ? {} : { leaving: leaving.toISOString() }) };
}

function line({ url, home, connection, leaving }: AccountRelayState): string {
  const notes = [home ? "home" : undefined, connection.state, leaving === undefined ? undefined : `left, read until ${localTime(leaving)}`];
  return `${url.href}  ${notes.filter((note) => note !== undefined).join(", ")}`;
}
