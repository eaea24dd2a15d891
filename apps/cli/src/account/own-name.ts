// What the person of a new or restored account is called: the flag, or asked for.
import { UsageError } from "../args/parse.ts";
import type { Context } from "../command.ts";

/** The name people see. A script has to give it by the flag. */
export async function ownName({ input, terminal }: Context): Promise<string> {
  const name = (input.value("name") ?? (terminal.interactive ? await terminal.line("Your name: ") : "")).trim();
  if (name === "") throw new UsageError("what are you called? Give a name with --name");
  return name;
}
