// Words of a command line to a command with its operands and flags. Pure: takes the table and the words, gives an `Input` or throws
// a `UsageError` that says what to type instead. Nothing here reads files, environment or terminal.
import { type CommandSpec, type Flag, globalFlags } from "./command-line.ts";
import { nearest } from "./nearest.ts";

/** A command line that means nothing; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly code = "usage";
}

/** A parsed command line. Asking for what the command does not declare is a bug and throws. */
export class Input<C extends CommandSpec = CommandSpec> {
  /** Undefined when only global flags were given. */
  readonly command: C | undefined;
  readonly #values: ReadonlyMap<string, string>;
  readonly #operands: ReadonlyMap<string, string>;

  constructor(command: C | undefined, flags: ReadonlyMap<string, string>, operands: ReadonlyMap<string, string>) {
    this.command = command;
    this.#values = flags;
    this.#operands = operands;
  }

  /** The value of a flag, if it was given. */
  value(name: string): string | undefined {
    this.#declared(name, this.#flags());
    return this.#values.get(name);
  }

  /** Whether a flag was given. */
  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  /** An operand that may be left out. */
  optional(name: string): string | undefined {
    this.#declared(name, this.command?.operands ?? []);
    return this.#operands.get(name);
  }

  /** An operand that the parser has made sure of. */
  operand(name: string): string {
    const word = this.optional(name);
    if (word === undefined) throw new Error(`operand ${name} is not required by ${this.command?.name}`);
    return word;
  }

  #flags(): readonly Flag[] {
    return [...globalFlags, ...(this.command?.flags ?? [])];
  }

  #declared(name: string, known: readonly { name: string }[]): void {
    if (!known.some((one) => one.name === name)) throw new Error(`${this.command?.name ?? "sotto"} does not declare ${name}`);
  }
}

/** Parses words (without the program's name). `--` ends flags; a lone `-` is an operand. */
export function parse<C extends CommandSpec>(commands: readonly C[], words: readonly string[]): Input<C> {
  let command: C | undefined;
  let first: string | undefined;
  const flags = new Map<string, string>();
  const plain: string[] = [];
  const queue = [...words];
  let onlyOperands = false;

  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const second = plain.length === 0 ? named(commands, `${first} ${word}`) : undefined;
    if (word === "--" && !onlyOperands) onlyOperands = true;
    else if (!onlyOperands && word.startsWith("-") && word !== "-") takeFlag(word, queue, command, flags);
    else if (first === undefined) command = named(commands, (first = word));
    else if (second !== undefined && command !== second) command = second;
    else plain.push(word);
  }
  if (first !== undefined && !command) throw new UsageError(unknownCommand(commands, first));
  // `sotto init --help` is a question about init, whatever else is missing.
  const operands = flags.has("help") || flags.has("version") || !command ? new Map<string, string>() : assign(command, plain);
  return new Input(command, flags, operands);
}

function named<C extends CommandSpec>(commands: readonly C[], name: string): C | undefined {
  return commands.find((command) => command.name === name);
}

function takeFlag(word: string, queue: string[], command: CommandSpec | undefined, flags: Map<string, string>): void {
  const [name = "", attached] = splitAtFirst(word, "=");
  const known = [...globalFlags, ...(command?.flags ?? [])];
  const flag = known.find((one) => name === `--${one.name}` || (one.short !== undefined && name === `-${one.short}`));
  if (!flag) throw new UsageError(unknownFlag(name, command, known));
  if (flags.has(flag.name)) throw new UsageError(`--${flag.name} is given twice`);
  if (flag.value === undefined) {
    if (attached !== undefined) throw new UsageError(`--${flag.name} takes no value`);
    flags.set(flag.name, "");
    return;
  }
  const value = attached ?? queue.shift();
  if (value === undefined || value === "") throw new UsageError(`--${flag.name} needs a value: --${flag.name} <${flag.value}>`);
  flags.set(flag.name, value);
}

function unknownFlag(name: string, command: CommandSpec | undefined, known: readonly Flag[]): string {
  if (!command) return `${name} is not a flag for every command: write it after the command`;
  const near = nearest(
    name,
    known.map((flag) => `--${flag.name}`),
  );
  return `${command.name} has no flag ${name}${near ? `; perhaps ${near}` : ""} (see: sotto help ${command.name})`;
}

function unknownCommand(commands: readonly CommandSpec[], word: string): string {
  const group = commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name);
  if (group.length > 0) return `${word} needs a second word: ${group.join(" or ")}`;
  const near = nearest(
    word,
    commands.map(({ name }) => name.split(" ")[0] ?? name),
  );
  return `there is no command ${JSON.stringify(word)}${near ? `; perhaps ${near}` : ""} (see: sotto help)`;
}

function assign(command: CommandSpec, plain: readonly string[]): Map<string, string> {
  const operands = new Map<string, string>();
  const left = [...plain];
  for (const { name, optional, rest } of command.operands ?? []) {
    const word = rest && left.length > 0 ? left.splice(0).join(" ") : left.shift();
    if (word !== undefined) operands.set(name, word);
    else if (!optional) throw new UsageError(`${command.name} needs <${name}> (see: sotto help ${command.name})`);
  }
  if (left.length > 0)
    throw new UsageError(`${command.name} does not know what to do with ${JSON.stringify(left[0])} (see: sotto help ${command.name})`);
  return operands;
}

function splitAtFirst(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
