// Where the processes of one storage meet: a Unix domain socket beside the database, a named pipe on Windows. Takes the database's path; gives
// the address. An address of a socket holds about a hundred bytes; a longer one is reached through a link in a folder of this process alone.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Bytes of an address: 104 on macOS with the zero at its end, 108 on Linux. */
const MAX_ADDRESS = 103;
/** Characters of a pipe's name that tell storages apart: it may have 256. */
const PIPE_NAME = 200;

/** An address and what has to be put away when it is not used any more. */
export interface SocketPath {
  readonly address: string;
  discard(): void;
}

/** The address of the storage whose database is `file`. Two processes may have different addresses of one socket. */
export function socketPath(file: string, platform: NodeJS.Platform = process.platform): SocketPath {
  const whole = resolve(file);
  const nothing = (): void => undefined;
  if (platform === "win32") return { address: `\\\\.\\pipe\\sotto ${whole.replaceAll(/[\\:]/g, "/").slice(-PIPE_NAME)}`, discard: nothing };
  const address = `${whole}.socket`;
  if (Buffer.byteLength(address) <= MAX_ADDRESS) return { address, discard: nothing };
  mkdirSync(dirname(whole), { recursive: true, mode: 0o700 });
  // Mode 0700: nobody else can put a link of theirs in its place.
  const folder = mkdtempSync(join(tmpdir(), "sotto-"));
  const link = join(folder, "a");
  symlinkSync(dirname(whole), link);
  return { address: join(link, `${basename(whole)}.socket`), discard: () => rmSync(folder, { recursive: true, force: true }) };
}
