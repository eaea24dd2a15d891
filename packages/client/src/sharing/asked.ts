// What this tab or process has asked of the writer and not heard of yet. A writer that dies takes no call with it: each is asked again of the
// next one, under the same id. Takes calls; gives their results. Not a concern here: how calls travel, running them.

import type { Primitives } from "@sotto/protocol";
import type { Cancellable } from "../api.ts";
import { hex } from "../engine/hex.ts";
import { untilAborted } from "../engine/until.ts";
import { MessengerError } from "../errors.ts";
import type { Call } from "./work.ts";

/** A call under way. */
export interface AskedCall extends Call {
  /** 16 random bytes in hex. */
  readonly id: string;
  readonly signal: AbortSignal | undefined;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Everything that is asked for. */
export class Asked {
  readonly #primitives: Primitives;
  readonly #calls = new Map<string, AskedCall>();
  #closed = false;

  constructor(p: Primitives) {
    this.#primitives = p;
  }

  /** In the order in which they were asked. */
  get all(): readonly AskedCall[] {
    return [...this.#calls.values()];
  }

  /** Asks: `put` is given the call, `dropped` its id when nobody waits any more. Fails as the call does, with `aborted`, with `closed`. */
  async ask(call: Call, { signal }: Cancellable, put: (call: AskedCall) => void, dropped: (id: string) => void): Promise<unknown> {
    if (this.#closed) throw new MessengerError("closed", {});
    return await untilAborted<unknown>(signal, (resolve, reject) => {
      const id = hex(this.#primitives.randomBytes(16));
      const asked: AskedCall = { ...call, id, signal, resolve, reject };
      this.#calls.set(id, asked);
      put(asked);
      return () => {
        // It was settled, or its signal has ended the wait.
        if (this.#calls.delete(id) && signal?.aborted === true) dropped(id);
      };
    });
  }

  /** A call was carried out. */
  succeeded(id: string, result: unknown): void {
    this.#calls.get(id)?.resolve(result);
  }

  failed(id: string, error: unknown): void {
    this.#calls.get(id)?.reject(error);
  }

  /** Nothing more is asked. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.all) reject(new MessengerError("closed", {}));
  }
}
