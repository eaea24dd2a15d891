// What a command line may look like, as data: commands, their operands and flags. The parser, the help texts and the completion are made
// of it. What a command does is in src/commands/.

/** A flag. With `value` (its placeholder in help texts) it takes one, else it is on or off. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
  readonly help: string;
}

/** A word after the command. Optional ones come last; with `rest` it takes all words that are left, joined by spaces. */
export interface Operand {
  readonly name: string;
  readonly help: string;
  readonly optional?: boolean;
  readonly rest?: boolean;
}

/** A command: one word, or two (`pair send`). */
export interface CommandSpec {
  readonly name: string;
  /** One line, in the list of commands. */
  readonly summary: string;
  /** What `help <command>` says besides: a few short paragraphs. */
  readonly details?: string;
  readonly operands?: readonly Operand[];
  readonly flags?: readonly Flag[];
}

/** Flags that every command takes, in any position. */
export const globalFlags: readonly Flag[] = [
  { name: "json", short: "j", help: "answer as one JSON document; one a line where more than one thing happens" },
  { name: "dir", value: "folder", help: "where the account is kept (else SOTTO_DIR, else $XDG_DATA_HOME/sotto)" },
  {
    name: "relay",
    value: "url",
    help: "the relay of a new account (or several with commas, home first) or of a pairing (else SOTTO_RELAY)",
  },
  { name: "name", value: "name", help: "your name for a new account; what this device is called when it joins one" },
  { name: "passphrase-fd", value: "n", help: "read the passphrase from this file descriptor" },
  { name: "passphrase-file", value: "file", help: "read the passphrase from this file" },
  { name: "help", short: "h", help: "show help" },
  { name: "version", help: "show the version" },
];
