// `sotto` as a process of its own, as a person or a script would start it: words in, lines and an exit code out. Waits for what is
// printed, never for time.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Ended } from "./sotto.ts";

/** Compiled code is kept from test to test, as it is on a person's machine from call to call. */
const CACHE = join(import.meta.dirname, "../../../../node_modules/.cache");

const PROGRAM = fileURLToPath(new URL("../../bin/sotto.mjs", import.meta.url));

/** A running `sotto`. */
export class SottoProcess {
  readonly ended: Promise<Ended>;
  stdout = "";
  stderr = "";
  readonly #chunks: Buffer[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  #watchers: (() => void)[] = [];

  constructor(
    words: readonly string[],
    options: { env?: Record<string, string>; node?: readonly string[]; withoutTerminal?: boolean } = {},
  ) {
    const env = { PATH: process.env["PATH"], HOME: "/nonexistent", XDG_CACHE_HOME: CACHE, ...options.env };
    this.#child = spawn(process.execPath, [...(options.node ?? []), PROGRAM, ...words], {
      env,
      detached: options.withoutTerminal ?? false,
    });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#take(() => (this.#chunks.push(chunk), (this.stdout += chunk.toString()))));
    this.#child.stderr.on("data", (chunk: Buffer) => this.#take(() => (this.stderr += chunk.toString())));
    this.#child.stdin.on("error", () => {}); // It may end before it was told everything.
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code) => {
        this.#take(() => {});
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Standard output as bytes. */
  get output(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Types lines. */
  type(...lines: readonly string[]): void {
    for (const line of lines) this.#child.stdin.write(`${line}\n`);
  }

  /** Input has ended. */
  endInput(text = ""): void {
    this.#child.stdin.end(text);
  }

  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** The first match in what was printed, as soon as it is there; rejects when the process ends without it. */
  async printed(pattern: RegExp, where: "stdout" | "stderr" = "stdout"): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[where]);
      if (match) return match;
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        const { code } = await this.ended;
        const late = pattern.exec(this[where]);
        if (late) return late;
        throw new Error(`ended with ${code} before ${pattern} was printed:\n${this.stdout}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** The next step of a pairing, as JSON. */
  async step(event: string): Promise<Record<string, string>> {
    const [line] = await this.printed(new RegExp(`^\\{"event":"${event}".*$`, "m"));
    return JSON.parse(line) as Record<string, string>;
  }

  #take(change: () => void): void {
    change();
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const resolve of watchers) resolve();
  }
}
