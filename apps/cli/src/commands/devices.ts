// `sotto devices`: what reads and writes under this account.
import { trySync, withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { localTime } from "../output/message-view.ts";

export const devices: Command = {
  name: "devices",
  summary: "list the devices of your account",

  run: (context) =>
    withClient(context, async (client) => {
      await trySync(client, context);
      const list = client.devices.list.get();
      context.out.answer(
        { devices: list.map(({ id, name, added, current }) => ({ id, name, added: added.toISOString(), current })) },
        list.map(
          ({ id, name, added, current }) => `${id}  ${harmlessLine(name)}, since ${localTime(added)}${current ? " (this one)" : ""}`,
        ),
      );
    }),
};
