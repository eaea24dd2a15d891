// Talking to the thread of sqlite-worker.ts: requests out, answers in, failures as errors. Takes the thread's setup; gives a promise for
// each request. The thread keeps the process alive only while an answer is awaited. Not a concern here: what is asked.

import { Worker } from "node:worker_threads";
import { MessengerError } from "../errors.ts";
import {
  SQLITE_FORMAT,
  type SqliteAnswer,
  type SqliteFailure,
  type SqliteQuestion,
  type SqliteRequest,
  type SqliteSetup,
} from "./sqlite-messages.ts";

interface Waiting {
  resolve(value: SqliteAnswer["value"]): void;
  reject(error: MessengerError): void;
}

/** One thread with one database. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** Asked in this turn: they travel together, because a message between threads costs more than an answer from the database. */
  #asked: SqliteQuestion[] = [];
  #next = 0;
  #dead: MessengerError | undefined;

  constructor(setup: SqliteSetup) {
    this.#worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), {
      workerData: setup,
      // Flags of the process are about its own script.
      execArgv: [],
    });
    this.#worker.unref();
    this.#worker.on("message", (answers: readonly SqliteAnswer[]) => answers.forEach((answer) => this.#settle(answer)));
    this.#worker.on("error", (cause) => this.#die("its thread failed", cause));
    this.#worker.on("exit", () => this.#die("its thread ended"));
  }

  /** Asks, and resolves with the answer. Requests are served in the order they are made. */
  ask(request: SqliteRequest): Promise<SqliteAnswer["value"]> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (this.#asked.push({ id, request }) === 1) queueMicrotask(() => this.#post());
    });
  }

  /** Closes the database, frees the lock, ends the thread. */
  async end(): Promise<void> {
    await this.ask({ op: "close" });
    await this.#worker.terminate();
  }

  #post(): void {
    const questions = this.#asked;
    this.#asked = [];
    this.#worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(questions);
  }

  #settle({ id, value, failure }: SqliteAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (failure === undefined) waiting?.resolve(value);
    else waiting?.reject(errorOf(failure));
  }

  #die(reason: string, cause?: unknown): void {
    this.#dead ??= new MessengerError("storage/unavailable", { reason }, { cause });
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}

function errorOf(failure: SqliteFailure): MessengerError {
  switch (failure.kind) {
    case "full":
      return new MessengerError("storage/full", {});
    case "locked":
      return new MessengerError("storage/locked", {});
    case "corrupt":
      return new MessengerError("storage/corrupt", { what: "the file is no database of this program, or is damaged" });
    case "newer":
      return new MessengerError("storage/newer", { found: failure.found, known: SQLITE_FORMAT });
    case "unavailable":
      return new MessengerError("storage/unavailable", { reason: failure.reason });
  }
}
