// Events to listeners: typed, in order, each listener shielded from the others. Not a concern here: when events happen.

import type { Cancellable, ClientEvents } from "./api.ts";
import { asMessengerError } from "./error-mapping.ts";

type Listener<E extends keyof ClientEvents> = (value: ClientEvents[E]) => void;

/** Who listens to a client. */
export class Emitter {
  readonly #listeners = new Map<keyof ClientEvents, Set<Listener<never>>>();

  on<E extends keyof ClientEvents>(event: E, listener: Listener<E>, { signal }: Cancellable = {}): () => void {
    // One wrapper a subscription, so that the same function may subscribe twice and leave once.
    const own: Listener<E> = (value) => listener(value);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners);
    const leave = (): void => {
      listeners.delete(own as Listener<never>);
      signal?.removeEventListener("abort", leave);
    };
    if (signal?.aborted === true) return leave;
    listeners.add(own as Listener<never>);
    signal?.addEventListener("abort", leave, { once: true });
    return leave;
  }

  /** Calls the listeners. What one throws reaches `error` listeners; what those throw is nobody's. */
  emit<E extends keyof ClientEvents>(event: E, value: ClientEvents[E]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as Listener<E>[]) {
      try {
        listener(value);
      } catch (failure) {
        if (event !== "error") this.emit("error", asMessengerError(failure));
      }
    }
  }
}
