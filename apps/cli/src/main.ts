// The process: its streams, its signals and its end. What is done is run.ts's concern.
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import manifest from "../package.json" with { type: "json" };
import { commands } from "./commands/table.ts";
import { CommandError } from "./output/command-error.ts";
import { exitCodes } from "./output/exit-code.ts";
import { run } from "./run.ts";

/** Runs the words of the command line and ends the process with the command's exit code. */
export async function main(words: readonly string[]): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = (): void => {
    // The second Ctrl-C does not wait for anything to be closed properly.
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
    interrupted.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  // `sotto read | head` closes our output when it has seen enough; that is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed));

  // Were everything to stop while a command still waits for something, that would be no success; and waiting keeps the process alive.
  process.exitCode = exitCodes.failed;
  let terminal: ReadStream | undefined;
  const waiting = setInterval(() => {}, 2 ** 30);
  process.exitCode = await run(commands, words, {
    in: process.stdin,
    out: process.stdout,
    err: process.stderr,
    env: process.env,
    version: manifest.version,
    signal: interrupted.signal,
    interrupt,
    controllingTerminal: () => (terminal = controllingTerminal()),
  });
  clearInterval(waiting);
  // An unanswered question would keep the process alive.
  process.stdin.destroy();
  terminal?.destroy();
}

function controllingTerminal(): ReadStream {
  try {
    return new ReadStream(openSync("/dev/tty", "r"));
  } catch {
    throw new CommandError(
      "terminal/needed",
      "the six digits of the other machine are asked for at a terminal, and there is none: " +
        "run it at one, or give the secret by --secret-file or --secret-fd and the digits on standard input",
    );
  }
}
