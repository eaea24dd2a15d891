// When everything in a test has come to rest. Takes word of everything that moves (requests, answers, frames) and of calls to a storage; gives
// a promise. Not a concern here: time.
//
// At rest means: no call to a storage is unanswered, and for two whole turns of the event loop no request, answer or frame has moved. Since
// all else that a client does are promises that are already resolved, nothing can happen then until the clock moves on or the app does
// something.

import type { Storage } from "../api.ts";
import { MessengerError } from "../errors.ts";

/** Turns of the event loop without a movement. */
const QUIET_TURNS = 2;
/** Movements after which nobody believes that there will be an end: some twenty thousand messages. */
const MOST_MOVEMENTS = 100_000;

/** Knows whether something moves. */
export class Rest {
  readonly #most: number;
  #movements = 0;
  #calls = 0;

  /** @param most movements before it is taken for granted that there is no rest */
  constructor(most: number = MOST_MOVEMENTS) {
    this.#most = most;
  }

  /** Something moves. */
  readonly moved = (): void => void this.#movements++;

  /** Resolves at rest. `argument/invalid` when there is none: two bots that answer each other. */
  async reached(): Promise<void> {
    const first = this.#movements;
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      const before = this.#movements;
      await turn();
      quiet = this.#movements === before && this.#calls === 0 ? quiet + 1 : 0;
      if (this.#movements - first > this.#most) {
        throw new MessengerError("argument/invalid", {
          reason: "it does not come to rest: something answers every message with a message",
        });
      }
    }
  }

  /** The storage, with its reading and writing counted. Other calls may wait for another client, and are not. */
  watched(storage: Storage): Storage {
    return new Proxy(storage, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name !== "get" && name !== "scan" && name !== "batch") return value.bind(target);
        return (...args: unknown[]) => this.#counted(value.apply(target, args));
      },
    });
  }

  #counted(result: unknown): unknown {
    if (result instanceof Promise) {
      this.#calls++;
      return result.finally(() => this.#calls--);
    }
    return isScan(result) ? this.#countedScan(result) : result;
  }

  async *#countedScan(scan: AsyncIterable<unknown>): AsyncIterable<unknown> {
    const entries = scan[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await (this.#counted(entries.next()) as Promise<IteratorResult<unknown>>);
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await entries.return?.();
    }
  }
}

function isScan(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** Taken before a test can put a fake in its place. */
const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };

/** A turn of the event loop: afterwards every promise that was resolved has run on. Node has a call for it, browsers a message to oneself. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    if (setImmediate !== undefined) return void setImmediate(resolve);
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => (port1.close(), resolve()));
    port1.start();
    port2.postMessage(0);
  });
}
