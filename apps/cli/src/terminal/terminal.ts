// Questions to the person: a line, a line that is not shown, every byte until the end. Takes two streams; asks on stderr, so that stdout
// holds answers only. Works the same when stdin is a pipe, line by line. What is asked is the commands' concern.
import type { ReadStream } from "node:tty";
import { CommandError } from "../output/command-error.ts";
import type { Sink } from "../output/output.ts";
import { LineEditor } from "./line-editor.ts";

/** The most that is read at once, in bytes; what is longer is refused. */
export const MAX_INPUT = 1_048_576;

const NOTHING = new Uint8Array(0);

/** stdin, as a terminal or a pipe; it gives bytes. */
export interface Source extends NodeJS.ReadableStream {
  isTTY?: boolean;
  readonly readableEnded?: boolean;
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
  #pending: Uint8Array = NOTHING;
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

  /** Everything until the end of input, byte for byte. */
  rest(): Promise<Uint8Array> {
    return this.#read((pending, ended) => (ended ? { value: pending, left: NOTHING } : undefined));
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
          throw new CommandError(
            "terminal/needed",
            `"${question.trim()}" was asked and input has ended. Answer it at a terminal, or give it by a flag if there is one.`,
          );
        return ended ? { value: editor.text, left: NOTHING } : { left: NOTHING };
      });
    } finally {
      if (raw) this.#source.setRawMode?.(false);
      if (raw) this.#sink.write("\n");
    }
  }

  /** Feeds `consume` what has come until it gives a value. What it leaves stays for the next question. */
  #read<T>(consume: (pending: Uint8Array, ended: boolean) => { value?: T; left: Uint8Array } | undefined): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let answered = false;
    const step = (): void => {
      // A stream may give several chunks at once; what comes behind the answer is the next question's.
      if (answered) return;
      try {
        const result = consume(this.#pending, this.#ended);
        if (result) this.#pending = result.left;
        if (result?.value !== undefined) {
          answered = true;
          this.#source.pause();
          resolve(result.value);
        } else if (this.#ended) reject(new CommandError("terminal/needed", "input has ended before the answer"));
      } catch (error) {
        reject(error);
      }
    };
    const onData = (chunk: Buffer): void => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      if (this.#pending.length > MAX_INPUT) reject(new CommandError("file/refused", `input is longer than ${MAX_INPUT} bytes`));
      else step();
    };
    const onEnd = (): void => {
      this.#ended = true;
      step();
    };
    const onAbort = (): void => reject(this.#signal.reason);

    this.#source.on("data", onData).on("end", onEnd).on("error", reject);
    this.#signal.addEventListener("abort", onAbort);
    // Between two questions nobody listens.
    this.#ended ||= this.#source.readableEnded === true;
    if (this.#signal.aborted) onAbort();
    else if (this.#pending.length > 0 || this.#ended) step();
    if (!answered) this.#source.resume();
    return promise.finally(() => {
      this.#source.pause();
      this.#source.off("data", onData).off("end", onEnd).off("error", reject);
      this.#signal.removeEventListener("abort", onAbort);
    });
  }
}
