// The folder of an account: where it is, that nobody else can read it, and the few settings that stand beside the sealed store (which
// relay). Takes flags and environment; gives paths. The store itself is the SDK's concern.
import { chmodSync, closeSync, existsSync, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CommandError } from "../output/command-error.ts";

interface Settings {
  relay?: string;
}

/** An account's folder. */
export class Place {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The sealed store. */
  get store(): string {
    return join(this.folder, "account.db");
  }

  /** False where no account was ever made: nothing is opened, so nothing is created by looking. */
  get hasStore(): boolean {
    return existsSync(this.store);
  }

  /** Makes the folder if it is not there and makes sure that it is mine alone (0700). `file/refused`. */
  secure(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(this.folder);
    if (!stat.isDirectory()) throw new CommandError("file/refused", `${this.folder} is not a folder. Give another with --dir.`);
    if (process.getuid && stat.uid !== process.getuid()) {
      throw new CommandError("file/refused", `${this.folder} belongs to another user. Give one of yours with --dir.`);
    }
    if ((stat.mode & 0o077) !== 0) chmodSync(this.folder, 0o700);
  }

  /** The relays that were chosen last from here, with commas between them: for a pairing, or another try. An account knows its own. */
  get relay(): string | undefined {
    return this.#read().relay;
  }

  /** Remembers them. */
  rememberRelay(relay: string): void {
    this.#write({ ...this.#read(), relay });
  }

  get #settingsFile(): string {
    return join(this.folder, "settings.json");
  }

  #read(): Settings {
    if (!existsSync(this.#settingsFile)) return {};
    try {
      const value: unknown = JSON.parse(readFileSync(this.#settingsFile, "utf8"));
      const relay = typeof value === "object" && value !== null && "relay" in value ? value.relay : undefined;
      return typeof relay === "string" ? { relay } : {};
    } catch {
      throw new CommandError("file/refused", `${this.#settingsFile} cannot be read as JSON. Correct it, or delete it and give --relay.`);
    }
  }

  /** Whole or not at all, also when the power fails. */
  #write(settings: Settings): void {
    const draft = `${this.#settingsFile}.new`;
    const file = openSync(draft, "w", 0o600);
    writeSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(draft, this.#settingsFile);
  }
}

/** Which folder: the flag, else SOTTO_DIR, else the XDG data folder. */
export function placeOf(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): Place {
  const chosen = flag ?? env["SOTTO_DIR"];
  if (chosen) return new Place(resolve(chosen));
  const data = env["XDG_DATA_HOME"];
  // The XDG rule: a relative path there is invalid and ignored.
  const base = data?.startsWith("/") ? data : join(env["HOME"] || homedir(), ".local", "share");
  return new Place(join(base, "sotto"));
}
