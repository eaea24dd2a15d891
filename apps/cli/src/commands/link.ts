// `sotto link`: lets another device into this account.
import type { Client, LinkOffer, LinkRequest } from "@sotto/client";
import { sync, withClient } from "../account/with-client.ts";
import { CommandError } from "../output/command-error.ts";
import type { Command, Context } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { pastedCode, showCode, showReplyCode, textFlag, typedCode } from "../pairing/dialogue.ts";

export const link: Command = {
  name: "link",
  summary: "let another device into your account",
  details:
    "Shows a code for the new device (sotto login --paste, or the app). With --paste it takes the code that the new device shows. Only ever\nenter digits of a device in front of you: who gets in reads everything.",
  flags: [
    textFlag,
    { name: "paste", help: "take the code that the new device shows (sotto login)" },
    { name: "transfer", help: "also hand over your 24 words, after one more question" },
  ],

  run: (context) =>
    withClient(context, async (client) => {
      const { input, out, signal } = context;
      const mode = input.has("transfer") ? "transfer" : "link";
      const request = await requested(client, context);
      const name = harmlessLine(request.deviceName);
      const code = await typedCode(context, name);
      if (mode === "transfer") await confirmTransfer(context, request, name);
      const stop = showReplyCode(context, request.replyCode);
      const device = await request.approve({ code, mode, signal }).finally(stop);
      await sync(client, context);
      out.answer({ event: "done", device: { id: device.id, name: device.name } }, `${name} is a device of yours now.`);
    }),
};

async function requested(client: Client, context: Context): Promise<LinkRequest> {
  const { input, signal } = context;
  if (input.has("paste")) return client.devices.scan(await pastedCode(context), { signal });
  const offer: LinkOffer = await client.devices.offer({ signal });
  showCode(context, offer.qr, offer.expires, "Scan it with the new device; or --text here, and sotto login --paste there.");
  const cancel = (): void => offer.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  return offer.request.finally(() => signal.removeEventListener("abort", cancel));
}

async function confirmTransfer({ terminal }: Context, request: LinkRequest, name: string): Promise<void> {
  if (await terminal.confirm(`Hand your 24 words to ${name}? Who has them is you.`)) return;
  request.deny();
  throw new CommandError("pairing/declined", "nothing was sent");
}
