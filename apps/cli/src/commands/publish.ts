// `sotto publish`: my public keys in the relay's directory, under my id and, if wanted, a handle.
import { sync, withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";

export const publish: Command = {
  name: "publish",
  summary: "let people who know your id or handle write to you",
  details:
    "Puts your devices' public keys into the relay's directory, under your id. Strangers' first messages wait under `sotto requests`.",
  flags: [{ name: "handle", value: "name", help: "also under this handle: 3 to 32 of a-z 0-9 _" }],

  run: (context) =>
    withClient(context, async (client) => {
      const handle = context.input.value("handle")?.replace(/^@/, "");
      await client.address.publish({ ...(handle === undefined ? {} : { handle }), signal: context.signal });
      await sync(client, context);
      const at = client.address.state.get().handle;
      context.out.answer({ id: client.id, ...(at === undefined ? {} : { handle: at }) }, [
        `Published: ${client.id}`,
        ...(at === undefined ? [] : [`Handle: @${at}`]),
      ]);
    }),
};
