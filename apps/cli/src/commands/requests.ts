// `sotto requests`: strangers who ask to talk to me. Nothing they wrote is shown before I accept.
import { sync, trySync, withClient } from "../account/with-client.ts";
import { requestOf } from "../account/who.ts";
import type { Command } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { conversationName, localTime } from "../output/message-view.ts";

const who = { name: "who", help: "the name or id of who asks" } as const;

export const requests: Command = {
  name: "requests",
  summary: "list strangers who ask to talk to you",

  run: (context) =>
    withClient(context, async (client) => {
      await trySync(client, context);
      const list = client.contacts.requests.get();
      context.out.answer(
        { requests: list.map(({ id, from, received }) => ({ id, name: from.name, received: received.toISOString() })) },
        list.length === 0
          ? "Nobody asks."
          : list.map(({ id, from, received }) => `${localTime(received)}  ${harmlessLine(from.name)}  ${id}`),
      );
    }),
};

export const acceptRequest: Command = {
  name: "requests accept",
  summary: "let somebody who asks talk to you",
  operands: [who],

  run: (context) =>
    withClient(context, async (client) => {
      await trySync(client, context);
      const conversation = await requestOf(client, context.input.operand("who")).accept({ signal: context.signal });
      await sync(client, context);
      const { contact } = conversation;
      const name = conversationName(conversation);
      context.out.answer(
        { conversation: conversation.id, contact: { id: contact?.id, name: contact?.name } },
        `${name} is a contact now: sotto read ${JSON.stringify(name)}`,
      );
    }),
};

export const declineRequest: Command = {
  name: "requests decline",
  summary: "turn somebody who asks away; they are not told",
  operands: [who],
  flags: [{ name: "block", help: "also hide what they send from now on" }],

  run: (context) =>
    withClient(context, async (client) => {
      await trySync(client, context);
      const request = requestOf(client, context.input.operand("who"));
      const block = context.input.has("block");
      await request.decline({ block, signal: context.signal });
      await trySync(client, context);
      context.out.answer({ id: request.id, declined: true, blocked: block }, `${harmlessLine(request.from.name)} was turned away.`);
    }),
};
