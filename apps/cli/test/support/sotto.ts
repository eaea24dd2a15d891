// `sotto` as one call, in this process: the same code as the program from its words to its exit code, without the time to start one.
// What only a process can show (signals, start, locks between processes) is tested with sotto-process.ts.
import { PassThrough } from "node:stream";
import { commands } from "../../src/commands/table.ts";
import type { Sink } from "../../src/output/output.ts";
import { run } from "../../src/run.ts";

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command to its end, with `input` on standard input. */
export async function sotto(words: readonly string[], input = ""): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  const code = await run(commands, words, {
    in: new PassThrough().end(input),
    out: sink((text) => (stdout += text)),
    err: sink((text) => (stderr += text)),
    env: {},
    version: "0.0.0",
    signal: new AbortController().signal,
    interrupt: () => {},
    controllingTerminal: () => {
      throw new Error("no terminal");
    },
  });
  return { code, stdout, stderr };
}

function sink(take: (text: string) => void): Sink {
  return {
    write(data, written) {
      take(String(data));
      written?.();
    },
  };
}

/** The same with --json; throws unless it succeeds; gives the document. */
export async function sottoJson<T = Record<string, unknown>>(words: readonly string[], input = ""): Promise<T> {
  const { code, stdout, stderr } = await sotto(["--json", ...words], input);
  if (code !== 0) throw new Error(`sotto ${words.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as T;
}
