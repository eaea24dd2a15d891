// Help texts, made of the table of commands. Takes data, gives text; where it is printed is not its concern.
import { type CommandSpec, type Flag, globalFlags } from "./command-line.ts";

/** What `sotto help` says. */
export function overview(commands: readonly CommandSpec[]): string {
  const rows = commands.map((command) => [usageOf(command), command.summary] as const);
  return [
    "sotto: end-to-end encrypted messages from a terminal",
    "",
    "Commands",
    ...table(rows),
    "",
    "Flags for every command, in any position",
    ...table(globalFlags.map(flagRow)),
    "",
    "The account is in $XDG_DATA_HOME/sotto (else ~/.local/share/sotto), whatever the current folder is. For another account beside it, give",
    "every command of it --dir <folder>, or set SOTTO_DIR.",
    "",
    "`sotto help <command>` tells more. Exit codes: 0 ok, 1 failed, 2 usage, 3 network, 4 locked, 5 identity changed, 6 not found,",
    "75 try later, 130 interrupted.",
  ].join("\n");
}

/** What `sotto help <command>` says; for a first word like `pair`, all that begin with it. */
export function commandHelp(command: CommandSpec): string {
  const { operands = [], flags = [], details } = command;
  return [
    `sotto ${usageOf(command)}${flags.map((flag) => ` [${flagText(flag)}]`).join("")}`,
    "",
    `${command.summary[0]?.toUpperCase() ?? ""}${command.summary.slice(1)}.`,
    ...(details ? ["", details] : []),
    ...(operands.length > 0 ? ["", ...table(operands.map((operand) => [operand.name, operand.help] as const))] : []),
    ...(flags.length > 0 ? ["", ...table(flags.map(flagRow))] : []),
  ].join("\n");
}

function usageOf({ name, operands = [] }: CommandSpec): string {
  return [name, ...operands.map((operand) => (operand.optional ? `[${operand.name}]` : `<${operand.name}>`))].join(" ");
}

function flagRow(flag: Flag): readonly [string, string] {
  return [`${flag.short ? `-${flag.short}, ` : ""}${flagText(flag)}`, flag.help];
}

function flagText({ name, value }: Flag): string {
  return value ? `--${name} <${value}>` : `--${name}`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
