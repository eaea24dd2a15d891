// `sotto completion <shell>`.
import { completionScript, shells } from "../args/completion.ts";
import { UsageError } from "../args/parse.ts";
import type { Command } from "../command.ts";

/** The completion command for a table of commands, which it is itself part of. */
export function completionFor(commands: readonly Command[]): Command {
  return {
    name: "completion",
    summary: "print a script that completes commands in your shell",
    details: "For bash: source <(sotto completion bash), in ~/.bashrc.",
    operands: [{ name: "shell", help: shells.join(", ") }],

    async run({ input, out }) {
      const shell = shells.find((one) => one === input.operand("shell"));
      if (!shell) throw new UsageError(`completion knows ${shells.join(", ")}`);
      const script = completionScript(shell, commands);
      out.answer({ shell, script }, script);
    },
  };
}
