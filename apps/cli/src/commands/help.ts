// `sotto help [command]`.
import { commandHelp, overview } from "../args/help.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";

/** The help command for a table of commands, which it is itself part of. */
export function helpFor(commands: readonly Command[]): Command {
  return {
    name: "help",
    summary: "show help",
    operands: [{ name: "command", help: "one command, like pair send", optional: true, rest: true }],

    async run({ input, out }) {
      const topic = input.optional("command");
      const text = topic === undefined ? overview(commands) : helpAbout(commands, topic);
      out.answer({ help: text }, text);
    },
  };
}

/** Help on a command, or on all commands that begin with the same word. */
export function helpAbout(commands: readonly Command[], topic: string): string {
  const exact = commands.filter(({ name }) => name === topic);
  const found = [...exact, ...commands.filter(({ name }) => name.startsWith(`${topic} `))];
  if (found.length === 0) throw new UsageError(`there is no command ${JSON.stringify(topic)} (see: sotto help)`);
  return found.map((command) => commandHelp(command)).join("\n\n\n");
}
