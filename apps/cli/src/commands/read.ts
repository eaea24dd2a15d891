// `sotto read`: what is unread; with --follow, also what comes, until Ctrl-C.
import type { Client, Message } from "@sotto/client";
import { sync, withClient } from "../account/with-client.ts";
import { conversationOf } from "../account/who.ts";
import { type Excerpt, inOrder, newestOf, unreadOf } from "../account/unread.ts";
import { UsageError } from "../args/parse.ts";
import type { Command, Context } from "../command.ts";
import { messageOf } from "../output/error-words.ts";
import { harmlessLine } from "../output/hostile-text.ts";
import { messageRecord, messageText } from "../output/message-view.ts";

export const read: Command = {
  name: "read",
  summary: "show unread messages",
  details: "What was shown counts as read. With --follow --json there is one message a line.",
  operands: [{ name: "who", help: "only this chat", optional: true }],
  flags: [
    { name: "follow", short: "f", help: "go on, and show messages as they come" },
    { name: "last", value: "n", help: "show the newest n messages of the chat instead, read or not, my own too" },
    { name: "keep-unread", help: "leave them unread" },
  ],

  async run(context) {
    const who = context.input.optional("who");
    const last = lastOf(context);
    await withClient(context, async (client) => {
      if (context.input.has("follow")) return follow(client, context, who, last);
      const offline = await sync(client, context).catch((error: unknown) => error);
      const excerpts = await chosen(client, who, last);
      const messages = inOrder(excerpts);
      context.out.answer({ messages: messages.map(messageRecord) }, messages.map(messageText));
      await taken(context, excerpts);
      if (offline !== undefined) throw offline;
      await sync(client, context);
    });
  },
};

function lastOf({ input }: Context): number | undefined {
  const text = input.value("last");
  if (text === undefined) return undefined;
  if (input.optional("who") === undefined) throw new UsageError("--last needs a chat: sotto read <who> --last …");
  if (!/^\d{1,5}$/.test(text) || Number(text) === 0) throw new UsageError(`--last needs a number, not ${JSON.stringify(text)}`);
  return Number(text);
}

async function chosen(client: Client, who: string | undefined, last: number | undefined): Promise<readonly Excerpt[]> {
  const conversations = who === undefined ? client.conversations.list.get() : [await conversationOf(client, who)];
  return Promise.all(conversations.map((conversation) => (last === undefined ? unreadOf(conversation) : newestOf(conversation, last))));
}

/** What was shown counts as read, once it has left this process. */
async function taken({ input, out }: Context, excerpts: readonly Excerpt[]): Promise<void> {
  await out.flushed();
  if (input.has("keep-unread")) return;
  for (const { conversation, messages } of excerpts) await conversation.markRead(messages);
}

/** The stream is opened before what is stored is shown, so that nothing falls between; what comes twice is shown once. */
async function follow(client: Client, context: Context, who: string | undefined, last: number | undefined): Promise<void> {
  const only = who === undefined ? undefined : await conversationOf(client, who);
  const stream = only?.messages({ signal: context.signal }) ?? client.messages({ signal: context.signal });
  let upcoming = stream.next();
  upcoming.catch(() => {}); // Awaited below; until then a Ctrl-C is no unhandled rejection.
  tell(client, context);

  const stored = await chosen(client, who, last);
  const messages = inOrder(stored);
  for (const message of messages) show(context, message);
  await taken(context, stored);
  const shown = new Set(messages.map(({ id }) => id));
  for (let result = await upcoming; !result.done; result = await upcoming) {
    upcoming = stream.next();
    upcoming.catch(() => {});
    if (shown.has(result.value.id)) continue;
    show(context, result.value);
    await taken(context, [{ conversation: result.value.conversation, messages: [result.value] }]);
  }
  context.signal.throwIfAborted();
}

function show({ out }: Context, message: Message): void {
  out.answer(messageRecord(message), messageText(message));
}

/** What else happens meanwhile, beside the messages. */
function tell(client: Client, { out, place, signal }: Context): void {
  client.on("request", ({ from, id }) => out.note(`sotto: ${harmlessLine(from.name)} (${id}) asks to talk to you (see: sotto requests)`), {
    signal,
  });
  client.on("error", (error) => out.note(`sotto: ${messageOf(error, place.folder)}`), { signal });
  let reachable = true;
  client.on(
    "connection",
    ({ state }) => {
      if (state === "offline" && reachable) out.note("sotto: the relay does not answer; trying again");
      if (state === "online" && !reachable) out.note("sotto: the relay answers again");
      if (state === "online" || state === "offline") reachable = state === "online";
    },
    { signal },
  );
}
