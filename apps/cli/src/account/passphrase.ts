// Where the passphrase of a store comes from: a file descriptor, a file, a program (SOTTO_ASKPASS) or the person. Never from arguments,
// which everybody on the machine can read. Gives bytes (of UTF-8 where it was typed) without the line's end; what they open is the SDK's concern.
import { execFileSync } from "node:child_process";
import type { Input } from "../args/parse.ts";
import { UsageError } from "../args/parse.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { readDescriptor, readPrivateFile, withoutLineEnd } from "./secret-input.ts";

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
    if (descriptor !== undefined) return passphraseIn(readDescriptor("passphrase-fd", descriptor));
    if (file !== undefined) return passphraseIn(readPrivateFile(file));
    if (this.#askpass) return passphraseIn(execFileSync(this.#askpass, ["Passphrase for sotto:"]));
    return undefined;
  }
}

function passphraseIn(line: Uint8Array): Uint8Array {
  const passphrase = withoutLineEnd(line);
  if (passphrase.length === 0) throw new UsageError("the passphrase is empty");
  return passphrase;
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
