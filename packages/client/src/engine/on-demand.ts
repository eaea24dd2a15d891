// A part of the engine that works in the background and is loaded once there is work for it. Takes what says so and what loads it. Not a concern
// here: what the parts do.

import { MessengerError } from "../errors.ts";

/** What works in the background. */
export interface Worker {
  /** Does what is due, and sets the alarm for what will be. */
  check(): void;
  stop(): Promise<void>;
}

/** A worker that may not be there yet. */
export class OnDemand<W extends Worker> {
  readonly #wanted: () => boolean;
  readonly #load: () => Promise<W>;
  #worker: Promise<W> | undefined;
  #stopped = false;

  constructor(wanted: () => boolean, load: () => Promise<W>) {
    this.#wanted = wanted;
    this.#load = load;
  }

  /** Has the worker check, if there is one or a reason for one. One that cannot be loaded now is loaded at a later check. */
  check(): void {
    if (this.#stopped || (this.#worker === undefined && !this.#wanted())) return;
    this.get().then(
      (worker) => worker.check(),
      () => undefined,
    );
  }

  /** The worker. Fails with `closed`, and when it cannot be loaded; then it may be asked for again. */
  async get(): Promise<W> {
    if (this.#stopped) throw new MessengerError("closed", {});
    this.#worker ??= this.#load();
    try {
      return await this.#worker;
    } catch (error) {
      this.#worker = undefined;
      throw error;
    }
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const worker = await this.#worker?.catch(() => undefined);
    await worker?.stop();
  }
}
