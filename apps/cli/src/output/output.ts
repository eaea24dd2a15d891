// Where answers go: stdout for what was asked, stderr for everything said beside it. Takes values and their text; writes text for people
// or JSON for programs. What is said is the commands' concern; colours are not used.
import type { ExitCode } from "./exit-code.ts";
import { harmlessJson } from "./hostile-text.ts";

/** A stream that text can be written to. */
export interface Sink {
  readonly isTTY?: boolean;
  write(data: string | Uint8Array, written?: () => void): unknown;
}

/** What an error looks like to a program: `{"error": {…}}` on stderr. */
export interface ErrorReport {
  code: string;
  message: string;
  retryable: boolean;
  exit: ExitCode;
  details?: object;
}

/** One command's output. */
export class Output {
  readonly json: boolean;
  /** Answers are shown on a screen, and not kept in a file or taken by a program. */
  readonly onScreen: boolean;
  readonly #out: Sink;
  readonly #err: Sink;

  constructor(options: { json: boolean; out: Sink; err: Sink }) {
    this.json = options.json;
    this.onScreen = options.out.isTTY === true;
    this.#out = options.out;
    this.#err = options.err;
  }

  /** An answer: one JSON document on a line of its own, or the lines of `text` (already harmless). */
  answer(value: object, text: string | readonly string[]): void {
    if (this.json) return void this.#out.write(`${harmlessJson(value)}\n`);
    const lines = typeof text === "string" ? text : text.join("\n");
    if (lines !== "") this.#out.write(`${lines}\n`);
  }

  /** Resolves when what was answered has left this process. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.#out.write("", () => resolve()));
  }

  /** Bytes that are the answer themselves. */
  raw(data: string | Uint8Array): void {
    this.#out.write(data);
  }

  /** Said to people beside the answer; programs do not need it. */
  note(text: string): void {
    if (!this.json) this.#err.write(`${text}\n`);
  }

  /** What a program has to know before it can go on (a code to show): a JSON line on stdout, or a note (none if the text is empty). */
  step(value: object, text: string): void {
    if (this.json) this.#out.write(`${harmlessJson(value)}\n`);
    else if (text !== "") this.#err.write(`${text}\n`);
  }

  /** Something went wrong. */
  failure(report: ErrorReport): void {
    this.#err.write(this.json ? `${harmlessJson({ error: report })}\n` : `sotto: ${report.message}\n`);
  }
}
