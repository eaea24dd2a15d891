// `sotto invite`: a link that lets one person (or several) talk to me.
import type { Duration } from "@sotto/client";
import { sync, withClient } from "../account/with-client.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";
import { localTime } from "../output/message-view.ts";

export const invite: Command = {
  name: "invite",
  summary: "make a link for somebody to reach you",
  details: "Hand it over in person or by a channel you trust: who holds it can use it. The secret in it never reaches a server.",
  flags: [
    { name: "uses", value: "n", help: "how many people may use it (1, at most 20)" },
    { name: "expires", value: "time", help: "how long it lasts: 30m, 12h, 7d … (7d, at most 14d)" },
  ],

  async run(context) {
    const { input, out, terminal, signal } = context;
    const uses = countOf(input.value("uses"));
    const expiresIn = durationOf(input.value("expires"));
    await withClient(context, async (client) => {
      const made = await client.invites.create({
        ...(uses === undefined ? {} : { uses }),
        ...(expiresIn === undefined ? {} : { expiresIn }),
        signal,
      });
      await sync(client, context);
      const answer = { id: made.id, url: made.url, expires: made.expires.toISOString(), uses: made.usesLeft };
      out.answer(answer, made.url);
      if (terminal.interactive) out.note(`\n${made.qr.terminal()}`);
      const people = made.usesLeft === 1 ? "one person" : `${made.usesLeft} people`;
      out.note(`For ${people}, until ${localTime(made.expires)}. They are let in while \`sotto read\` runs.`);
    });
  },
};

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,3}$/.test(text) || Number(text) === 0)
    throw new UsageError(`--uses needs a number from 1 to 20, not ${JSON.stringify(text)}`);
  return Number(text);
}

function durationOf(text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0)
    throw new UsageError(`--expires needs a time like 30m, 12h or 7d, not ${JSON.stringify(text)}`);
  return `${Number(count)}${unit as "s" | "m" | "h" | "d" | "w"}`;
}
