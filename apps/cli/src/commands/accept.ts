// `sotto accept`: use somebody's invite.
import { sync, withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { conversationName } from "../output/message-view.ts";

export const accept: Command = {
  name: "accept",
  summary: "use an invite that somebody gave you",
  operands: [{ name: "link", help: "the invite, as a link or as the text of its code; - to be asked for it" }],

  async run(context) {
    const { input, terminal, signal } = context;
    const link = input.operand("link") === "-" ? await terminal.line("Invite: ") : input.operand("link");
    await withClient(context, async (client) => {
      const conversation = await client.invites.accept(link.trim(), { signal });
      await sync(client, context);
      const { contact } = conversation;
      const trust = conversation.state.get().trust;
      const answer = { conversation: conversation.id, contact: { id: contact?.id, name: contact?.name }, trust };
      const name = conversationName(conversation);
      context.out.answer(answer, `You can write to ${name} now: sotto send ${JSON.stringify(name)} hello`);
    });
  },
};
