// What a command is made of, and what it is given to work with.
import type { CommandSpec } from "./args/command-line.ts";
import type { Input } from "./args/parse.ts";
import type { Passphrase } from "./account/passphrase.ts";
import type { Place } from "./account/place.ts";
import type { Output } from "./output/output.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** Everything a command may touch. */
export interface Context {
  readonly input: Input;
  readonly out: Output;
  readonly terminal: Terminal;
  /** The person's terminal when standard input is something else. `terminal/needed`. */
  readonly controllingTerminal: () => Terminal;
  readonly place: Place;
  readonly passphrase: Passphrase;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A command: its line as data, and what it does. */
export interface Command extends CommandSpec {
  run(context: Context): Promise<void>;
}
