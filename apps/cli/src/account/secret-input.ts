// Secrets that come from a file or a file descriptor, never from arguments. Takes a path or a number; gives the bytes that are there,
// every one. What is text (a passphrase, 24 words) drops its line's end here too; what a secret is for is not this file's concern.
import { fstatSync, readFileSync, statSync } from "node:fs";
import { UsageError } from "../args/parse.ts";
import { CommandError } from "../output/command-error.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What stands behind a file descriptor that the flag `flag` was given. `file/refused`. */
export function readDescriptor(flag: string, text: string): Uint8Array {
  const descriptor = Number(text);
  if (!Number.isInteger(descriptor) || descriptor < 0) throw new UsageError(`--${flag} needs a number, not ${JSON.stringify(text)}`);
  try {
    fstatSync(descriptor);
    return readFileSync(descriptor);
  } catch {
    throw new CommandError(
      "file/refused",
      `file descriptor ${descriptor} cannot be read: open it in the calling shell, like ${descriptor}<file`,
    );
  }
}

/** What is in a secret's file; `file/refused` when others may read it. */
export function readPrivateFile(path: string): Uint8Array {
  try {
    const { mode } = statSync(path);
    if (process.platform !== "win32" && (mode & 0o077) !== 0)
      throw new CommandError("file/refused", `${path} can be read by other users. Make it yours alone: chmod 600 ${path}`);
    return readFileSync(path);
  } catch (error) {
    throw error instanceof CommandError ? error : new CommandError("file/refused", `${path} cannot be read. Check the path.`);
  }
}

/** A line of text without its end, which editors and `echo` write and nobody means. */
export function withoutLineEnd(line: Uint8Array): Uint8Array {
  if (line.at(-1) !== LINE_FEED) return line;
  return line.subarray(0, line.at(-2) === CARRIAGE_RETURN ? -2 : -1);
}
