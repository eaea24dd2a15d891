// `sotto devices`: what reads and writes under this account; what they are called, and taking one off.
import type { Client, DeviceId } from "@sotto/client";
import { sync, trySync, withClient } from "../account/with-client.ts";
import { wordsFlags, wordsNotHeld } from "../account/words.ts";
import { UsageError } from "../args/parse.ts";
import type { Command, Context } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { localTime } from "../output/message-view.ts";

export const devices: Command = {
  name: "devices",
  summary: "list the devices of your account, rename or remove one",
  details: "A lost device is removed with the 24 words: a device that does not hold them asks for them.",
  operands: [{ name: "device", help: "the number of a device, to rename or remove it", optional: true }],
  flags: [
    { name: "rename", value: "name", help: "call it so, on all your devices" },
    { name: "remove", help: "take it off: it reads and writes nothing any more" },
    ...wordsFlags,
  ],

  async run(context) {
    const { input } = context;
    const device = input.optional("device") as DeviceId | undefined;
    const name = input.value("rename");
    const remove = input.has("remove");
    if (name !== undefined && remove) throw new UsageError("give --rename or --remove, not both");
    if ((name !== undefined || remove) !== (device !== undefined))
      throw new UsageError("give the device together with --rename or --remove");
    await withClient(context, async (client) => {
      await trySync(client, context);
      if (device !== undefined) {
        if (name !== undefined) await client.devices.rename(device, name);
        else await client.devices.revoke(device, { ...(await wordsNotHeld(client, context)), signal: context.signal });
        await sync(client, context);
      }
      list(client, context);
    });
  },
};

function list(client: Client, { out }: Context): void {
  const all = client.devices.list.get();
  out.answer(
    { devices: all.map(({ id, name, added, current }) => ({ id, name, added: added.toISOString(), current })) },
    all.map(({ id, name, added, current }) => `${id}  ${harmlessLine(name)}, since ${localTime(added)}${current ? " (this one)" : ""}`),
  );
}
