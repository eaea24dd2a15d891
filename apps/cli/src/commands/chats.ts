// `sotto chats`: whom I talk to.
import type { Conversation } from "@sotto/client";
import { trySync, withClient } from "../account/with-client.ts";
import type { Command } from "../command.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { conversationName, localTime } from "../output/message-view.ts";

/** How much of the last message a line shows, in characters. */
const GLIMPSE = 50;

export const chats: Command = {
  name: "chats",
  summary: "list your chats",

  run: (context) =>
    withClient(context, async (client) => {
      await trySync(client, context);
      const list = client.conversations.list.get();
      const empty = "No chats yet. Make one: sotto invite, or sotto accept <link>.";
      context.out.answer({ chats: list.map(record) }, list.length === 0 ? empty : list.map(line));
    }),
};

function record(conversation: Conversation): object {
  const { name, unread, trust, phase, lastMessage } = conversation.state.get();
  const { id, kind, contact } = conversation;
  const last = lastMessage && {
    id: lastMessage.id,
    mine: lastMessage.mine,
    sentAt: lastMessage.sentAt.toISOString(),
    text: lastMessage.text,
  };
  return { id, kind, name, ...(contact ? { contact: contact.id } : {}), unread, trust, phase, ...(last ? { lastMessage: last } : {}) };
}

function line(conversation: Conversation): string {
  const { unread, trust, phase, lastMessage } = conversation.state.get();
  const marks = [
    ...(unread > 0 ? [`${unread} unread`] : []),
    ...(trust === "verified" ? ["verified"] : []),
    ...(phase === "asking" ? ["waits for the other side to accept"] : []),
  ];
  const name = conversationName(conversation) + (marks.length > 0 ? ` (${marks.join(", ")})` : "");
  return lastMessage ? `${name}\n    ${localTime(lastMessage.sentAt)}  ${glimpse(harmlessLine(lastMessage.text))}` : name;
}

function glimpse(text: string): string {
  const characters = Array.from(text);
  return characters.length > GLIMPSE ? `${characters.slice(0, GLIMPSE - 1).join("")}…` : text;
}
