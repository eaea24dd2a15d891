// Scripts that let a shell complete commands and flags, made of the table of commands. Takes data, gives text; a shell evaluates it.
import { type CommandSpec, globalFlags } from "./command-line.ts";

/** Shells that a script can be made for. */
export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The script for one shell. */
export function completionScript(shell: Shell, commands: readonly CommandSpec[]): string {
  if (shell === "fish") return fish(commands);
  // zsh understands bash's completions.
  return (shell === "zsh" ? ["autoload -U +X compinit bashcompinit && compinit && bashcompinit"] : []).concat(bash(commands)).join("\n");
}

function bash(commands: readonly CommandSpec[]): string[] {
  const firstWords = [...new Set(commands.map(({ name }) => wordsOf(name)[0]))];
  const groups = firstWords
    .map((first) => ({
      first,
      seconds: commands.map(({ name }) => wordsOf(name)).flatMap(([one, two]) => (one === first && two ? [two] : [])),
    }))
    .filter(({ seconds }) => seconds.length > 0);
  return [
    "_sotto() {",
    '  local current="${COMP_WORDS[COMP_CWORD]}" offered=""',
    '  case "${COMP_WORDS[1]} ${COMP_WORDS[2]} " in',
    // The more words a command has, the earlier it has to be tried.
    ...commands
      .toSorted((a, b) => wordsOf(b.name).length - wordsOf(a.name).length)
      .map((command) => `    "${command.name} "*) offered="${flagsOf(command)}" ;;`),
    "  esac",
    "  if [[ $current != -* ]]; then",
    '    case "$COMP_CWORD ${COMP_WORDS[1]}" in',
    `      "1 "*) offered="${firstWords.join(" ")}" ;;`,
    ...groups.map(({ first, seconds }) => `      "2 ${first}") offered="${seconds.join(" ")}" ;;`),
    '      *) offered="" ;;',
    "    esac",
    "  fi",
    `  [[ $current == -* && -z $offered ]] && offered="${flagsOf({ name: "", summary: "" })}"`,
    '  COMPREPLY=($(compgen -W "$offered" -- "$current"))',
    "}",
    "complete -o default -F _sotto sotto",
  ];
}

function fish(commands: readonly CommandSpec[]): string {
  const lines = commands.map(({ name, summary }) => {
    const [first = "", second] = wordsOf(name);
    return second === undefined
      ? `complete -c sotto -n __fish_use_subcommand -f -a ${first} -d ${quoted(summary)}`
      : `complete -c sotto -n '__fish_seen_subcommand_from ${first}' -f -a ${second} -d ${quoted(summary)}`;
  });
  const flags = commands.flatMap((command) =>
    (command.flags ?? []).map((flag) => {
      const seen = wordsOf(command.name).map((word) => `__fish_seen_subcommand_from ${word}`);
      return `complete -c sotto -n '${seen.join("; and ")}' -l ${flag.name}${flag.value ? " -r" : ""} -d ${quoted(flag.help)}`;
    }),
  );
  const everywhere = globalFlags.map(({ name, value, help }) => `complete -c sotto -l ${name}${value ? " -r" : ""} -d ${quoted(help)}`);
  return [...lines, ...flags, ...everywhere].join("\n");
}

function flagsOf({ flags = [] }: CommandSpec): string {
  return [...flags, ...globalFlags].map(({ name }) => `--${name}`).join(" ");
}

function wordsOf(name: string): string[] {
  return name.split(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}
