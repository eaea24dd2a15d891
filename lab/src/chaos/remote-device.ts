// A device as the conductor sees it, wherever it runs: calls that are answered, or end with its death. Takes a way to write tasks and what is
// to be done with reports; gives calls. Not a concern here: processes (device-process.ts), pages.

import type { AnswerLine, TaskLine, Tasks } from "./lines.ts";
import type { Report } from "./program.ts";

/** A call that failed on the device, or that its death cut off (`died`). */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** The calls of one life of a device. */
export class RemoteDevice {
  readonly #write: (line: TaskLine) => void;
  readonly #reported: (report: Report) => void;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: CallError) => void }>();
  #next = 0;
  #dead = false;

  constructor(write: (line: TaskLine) => void, reported: (report: Report) => void) {
    this.#write = write;
    this.#reported = reported;
  }

  /** Asks the device to do something; fails with what the device failed with, or `died`. */
  call<T extends keyof Tasks>(task: T, ...args: Parameters<Tasks[T]>): Promise<Awaited<ReturnType<Tasks[T]>>> {
    return new Promise((resolve, reject) => {
      if (this.#dead) return reject(new CallError("died", "the device is dead"));
      const id = this.#next++;
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#write({ id, task, args });
    });
  }

  /** A line from the device. */
  take(line: AnswerLine): void {
    if ("report" in line) return this.#reported(line);
    const waiting = this.#waiting.get(line.id);
    this.#waiting.delete(line.id);
    if ("failed" in line) waiting?.reject(new CallError(line.failed.code, line.failed.message));
    else waiting?.resolve(line.result);
  }

  /** It is dead, and everything it said has been heard. */
  end(): void {
    this.#dead = true;
    for (const { reject } of this.#waiting.values()) reject(new CallError("died", "the device was killed before it answered"));
    this.#waiting.clear();
  }
}
