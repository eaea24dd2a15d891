// One command line from words to exit code. Takes words and the streams and environment of a process; touches no global, so that tests
// run it in their own process too.
import { Passphrase } from "./account/passphrase.ts";
import { type Place, placeOf } from "./account/place.ts";
import { commandHelp, overview } from "./args/help.ts";
import { type Input, parse } from "./args/parse.ts";
import type { Command, Context } from "./command.ts";
import { reportOf } from "./output/command-error.ts";
import { type ExitCode, exitCodes } from "./output/exit-code.ts";
import { Output, type Sink } from "./output/output.ts";
import { Terminal, type Source } from "./terminal/terminal.ts";

/** What a process gives to a command. */
export interface Surroundings {
  readonly in: Source;
  readonly out: Sink;
  readonly err: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Ctrl-C as a key, where the terminal does not make a signal of it. */
  readonly interrupt: () => void;
  /** The terminal itself, where stdin is something else. */
  readonly controllingTerminal: () => Source;
}

/** Runs one command line; never rejects. */
export async function run(commands: readonly Command[], words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { out, err, env, signal } = surroundings;
  // Known before the words are parsed, so that a mistake in them is reported as JSON too.
  let place = placeOf(undefined, env);
  let output = new Output({ json: words.includes("--json") || words.includes("-j"), out, err });
  try {
    const input = parse(commands, words);
    output = new Output({ json: input.has("json"), out, err });
    place = placeOf(input.value("dir"), env);
    const answered = generalQuestion(commands, input, surroundings.version);
    if (answered) output.answer(answered.value, answered.text);
    else await input.command?.run(contextOf(input, output, place, surroundings));
    return exitCodes.ok;
  } catch (error) {
    if (signal.aborted) return exitCodes.interrupted;
    const report = reportOf(error, place.folder);
    output.failure(report);
    if (report.code === "internal" && env["SOTTO_DEBUG"] && error instanceof Error) err.write(`${error.stack}\n`);
    return report.exit;
  }
}

/** --version, --help and no command at all. */
function generalQuestion(
  commands: readonly Command[],
  input: Input<Command>,
  version: string,
): { value: object; text: string } | undefined {
  if (input.has("version")) return { value: { version }, text: `sotto ${version}` };
  if (input.command && !input.has("help")) return undefined;
  const text = input.command ? commandHelp(input.command) : overview(commands);
  return { value: { help: text }, text };
}

function contextOf(input: Input, out: Output, place: Place, surroundings: Surroundings): Context {
  const { env, err, signal, interrupt } = surroundings;
  const terminalOn = (source: Source): Terminal => new Terminal({ source, sink: err, signal, interrupt });
  const terminal = terminalOn(surroundings.in);
  return {
    input,
    out,
    terminal,
    controllingTerminal: () => terminalOn(surroundings.controllingTerminal()),
    place,
    passphrase: new Passphrase(input, terminal, env),
    env,
    signal,
  };
}
