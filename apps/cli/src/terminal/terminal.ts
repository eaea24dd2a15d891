// Questions to the person: a line, a line that is not shown, everything until the end. Takes two streams; asks on stderr, so that stdout
// holds answers only. Works the same when stdin is a pipe, line by line. What is asked is the commands' concern.
import type { ReadStream } from "node:tty";
import { CommandError } from "../output/command-error.ts";
import type { Sink } from "../output/output.ts";
import { LineEditor } from "./line-editor.ts";

/** The most that is read at once, in UTF-16 units; what is longer is refused. */
export const MAX_INPUT = 1_048_576;

/** stdin, as a terminal or a pipe. */
export interface Source extends NodeJS.ReadableStream {
  isTTY?: boolean;
  setRawMode?: ReadStream["setRawMode"];
}

/** The person at the other end, or a script that answers like one. */
export class Terminal {
  /** A person can see and answer questions. */
  readonly interactive: boolean;
  readonly #source: Source;
  readonly #sink: Sink;
  readonly #signal: AbortSignal;
  readonly #interrupt: () => void;
  #pending = "";
  #ended = false;

  /** `interrupt` is called for Ctrl-C where the terminal no longer turns it into a signal. */
  constructor(options: { source: Source; sink: Sink; signal: AbortSignal; interrupt: () => void }) {
    this.#source = options.source;
    this.#sink = options.sink;
    this.#signal = options.signal;
    this.#interrupt = options.interrupt;
    this.interactive = options.source.isTTY === true;
  }

  /** A line, without its end. `terminal/needed` at the end of input. A script's lines are read without a prompt. */
  line(question: string): Promise<string> {
    return this.#ask(question, false);
  }

  /** The same, not shown while it is typed. */
  hidden(question: string): Promise<string> {
    return this.#ask(question, true);
  }

  /** Asks until the answer is yes or no; a script's other answers are no. */
  async confirm(question: string): Promise<boolean> {
    for (;;) {
      const answer = (await this.line(`${question} (yes/no) `)).trim().toLowerCase();
      if (answer === "yes" || answer === "y") return true;
      if (answer === "no" || answer === "n" || !this.interactive) return false;
    }
  }

  /** Everything until the end of input. */
  rest(): Promise<string> {
    return this.#read((pending, ended) => (ended ? { value: pending, left: "" } : undefined));
  }

  async #ask(question: string, isHidden: boolean): Promise<string> {
    if (this.interactive) this.#sink.write(question);
    const raw = isHidden && this.interactive && this.#source.setRawMode !== undefined;
    const editor = new LineEditor();
    if (raw) this.#source.setRawMode?.(true);
    try {
      return await this.#read((pending, ended) => {
        const done = editor.type(pending);
        if (editor.interrupted) this.#interrupt();
        if (done !== undefined) return { value: editor.text, left: done };
        if (ended && editor.text === "")
          throw new CommandError("terminal/needed", `"${question.trim()}" was asked and input has ended. Answer it, or give it by a flag.`);
        return ended ? { value: editor.text, left: "" } : { left: "" };
      });
    } finally {
      if (raw) this.#source.setRawMode?.(false);
      if (raw) this.#sink.write("\n");
    }
  }

  /** Feeds `consume` what has come until it gives a value. What it leaves stays for the next question. */
  #read(consume: (pending: string, ended: boolean) => { value?: string; left: string } | undefined): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const step = (): void => {
      try {
        const result = consume(this.#pending, this.#ended);
        if (result) this.#pending = result.left;
        if (result?.value !== undefined) resolve(result.value);
        else if (this.#ended) reject(new CommandError("terminal/needed", "input has ended before the answer"));
      } catch (error) {
        reject(error);
      }
    };
    const onData = (chunk: string | Buffer): void => {
      this.#pending += chunk.toString();
      if (this.#pending.length > MAX_INPUT) reject(new CommandError("file/refused", `input is longer than ${MAX_INPUT} characters`));
      else step();
    };
    const onEnd = (): void => {
      this.#ended = true;
      step();
    };
    const onAbort = (): void => reject(this.#signal.reason);

    this.#source.setEncoding("utf8");
    this.#source.on("data", onData).on("end", onEnd).on("error", reject);
    this.#signal.addEventListener("abort", onAbort);
    if (this.#signal.aborted) onAbort();
    else if (this.#pending !== "" || this.#ended) step();
    this.#source.resume();
    return promise.finally(() => {
      this.#source.pause();
      this.#source.off("data", onData).off("end", onEnd).off("error", reject);
      this.#signal.removeEventListener("abort", onAbort);
    });
  }
}
