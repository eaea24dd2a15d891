// `sotto send`: one message, and by default the relay's word that it holds it.
import { type Client, type Conversation, MessengerError } from "@sotto/client";
import { withoutLineEnd } from "../account/secret-input.ts";
import { sync, trySync, withClient } from "../account/with-client.ts";
import { conversationOf, isUnknownAddress } from "../account/who.ts";
import { UsageError } from "../args/parse.ts";
import type { Command, Context } from "../command.ts";
import { CommandError } from "../output/command-error.ts";
import { conversationName } from "../output/message-view.ts";

export const send: Command = {
  name: "send",
  summary: "send a message",
  details:
    "Without a text, or with -, the text is read from standard input. Somebody you never talked to, by sotto1… or @handle, is asked to accept\nfirst. `notes` is the note to self. The beginning of a name or id is enough where it can mean one contact only.",
  operands: [
    { name: "who", help: "a contact's name or id, sotto1…, @handle, or notes" },
    { name: "text", help: "the message; - for standard input", optional: true, rest: true },
  ],
  flags: [{ name: "no-wait", help: "do not wait for the relay: it goes out with a later command" }],

  async run(context) {
    const { input, out, signal } = context;
    const text = await textOf(context);
    await withClient(context, async (client) => {
      const conversation = await recipient(client, context, input.operand("who"));
      const message = await conversation.send(text, { signal });
      const wait = !input.has("no-wait");
      if (wait) await delivered(client, context, conversation);
      const answer = { id: message.id, conversation: conversation.id, sentAt: message.sentAt.toISOString(), status: message.status.state };
      out.answer(answer, []);
      if (!wait) out.note(`Queued for ${conversationName(conversation)}.`);
    });
  },
};

async function textOf({ input, terminal }: Context): Promise<string> {
  const text = input.optional("text");
  if (text !== undefined && text !== "-") return text;
  if (text === undefined && terminal.interactive)
    throw new UsageError("what should be sent? Write it after the name, or - to type it here");
  return new TextDecoder().decode(withoutLineEnd(await terminal.rest()));
}

async function recipient(client: Client, context: Context, who: string): Promise<Conversation> {
  if (!isUnknownAddress(client, who)) {
    try {
      return await conversationOf(client, who);
    } catch (error) {
      if (!(error instanceof CommandError && error.code === "contact/not-found") || context.input.has("no-wait")) throw error;
      // They may have used an invite since the last command.
      await trySync(client, context);
      return conversationOf(client, who);
    }
  }
  const found = await client.address.find(who, { signal: context.signal });
  if (found.handle !== undefined) context.out.note(`sotto: that @${found.handle} is ${found.id} is the relay's word (see: sotto verify)`);
  return found.conversation({ signal: context.signal });
}

/** Waits for the relay; when it does not answer, or sending has stopped, the message is not lost, and that is said. `session/peer-or-clone`. */
async function delivered(client: Client, context: Context, conversation: Conversation): Promise<void> {
  try {
    await sync(client, context);
  } catch (error) {
    context.out.note("sotto: the message is kept and goes out with the next command that reaches the relay");
    throw error;
  }
  if (!hasStopped(client, conversation)) return;
  context.out.note("sotto: the message is kept and goes out once you have decided");
  throw new MessengerError("session/peer-or-clone", {});
}

function hasStopped({ recovery }: Client, { contact }: Conversation): boolean {
  return recovery.questions.get().some((question) => question.kind === "clone" && question.contact?.id === contact?.id);
}
