// Where the passphrase of a store comes from: a file descriptor, a file, a program (SOTTO_ASKPASS) or the person. Never from arguments,
// which everybody on the machine can read. Gives UTF-8 bytes without the line's end; what they open is the SDK's concern.
import { execFileSync } from "node:child_process";
import { fstatSync, readFileSync, statSync } from "node:fs";
import type { Input } from "../args/parse.ts";
import { UsageError } from "../args/parse.ts";
import { CommandError } from "../output/command-error.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Asks for the passphrase once and remembers it for this process: a file descriptor can be read only once. */
export class Passphrase {
  readonly #input: Input;
  readonly #terminal: Terminal;
  readonly #askpass: string | undefined;
  #known: Uint8Array | undefined;

  constructor(input: Input, terminal: Terminal, env: Readonly<Record<string, string | undefined>>) {
    this.#input = input;
    this.#terminal = terminal;
    this.#askpass = env["SOTTO_ASKPASS"];
  }

  /** It was given by a flag: a new account is sealed with it without asking. */
  get isGiven(): boolean {
    return this.#input.has("passphrase-fd") || this.#input.has("passphrase-file");
  }

  /** The passphrase of an existing store. */
  async existing(): Promise<Uint8Array> {
    this.#known ??= this.#read() ?? bytes(await this.#terminal.hidden("Passphrase: "));
    return this.#known;
  }

  /** A passphrase for a new store, typed twice by a person. */
  async chosen(): Promise<Uint8Array> {
    const given = this.#read();
    if (given) return (this.#known = given);
    const first = await this.#terminal.hidden("New passphrase: ");
    if (first === "") throw new UsageError("the passphrase is empty");
    if (this.#terminal.interactive && first !== (await this.#terminal.hidden("Once more: ")))
      throw new UsageError("the two passphrases differ");
    return (this.#known = bytes(first));
  }

  #read(): Uint8Array | undefined {
    const descriptor = this.#input.value("passphrase-fd");
    const file = this.#input.value("passphrase-file");
    if (descriptor !== undefined && file !== undefined) throw new UsageError("give --passphrase-fd or --passphrase-file, not both");
    if (descriptor !== undefined) return notEmpty(readDescriptor("passphrase-fd", descriptor));
    if (file !== undefined) return notEmpty(readPrivateFile(file));
    if (this.#askpass) return notEmpty(withoutLineEnd(execFileSync(this.#askpass, ["Passphrase for sotto:"], { encoding: "utf8" })));
    return undefined;
  }
}

/** What stands behind a file descriptor given by a flag, without the line's end. */
export function readDescriptor(flag: string, text: string): string {
  const descriptor = Number(text);
  if (!Number.isInteger(descriptor) || descriptor < 0) throw new UsageError(`--${flag} needs a number, not ${JSON.stringify(text)}`);
  try {
    fstatSync(descriptor);
    return withoutLineEnd(readFileSync(descriptor, "utf8"));
  } catch {
    throw new CommandError(
      "file/refused",
      `file descriptor ${descriptor} cannot be read: open it in the calling shell, like ${descriptor}<file`,
    );
  }
}

/** A secret's file, without the line's end; refused when others may read it. */
export function readPrivateFile(path: string): string {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch {
    throw new CommandError("file/refused", `${path} cannot be read. Check the path.`);
  }
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new CommandError("file/refused", `${path} can be read by other users. Make it yours alone: chmod 600 ${path}`);
  }
  return withoutLineEnd(readFileSync(path, "utf8"));
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function notEmpty(text: string): Uint8Array {
  if (text === "") throw new UsageError("the passphrase is empty");
  return bytes(text);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
