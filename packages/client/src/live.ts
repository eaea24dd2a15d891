// A value that changes and tells who listens. Fits signals, React, Svelte and Solid as it is. Not a concern here: where values come from.

import type { Live } from "./api.ts";

/** A `Live` value and the right to change it. Listeners are called at once with the value held, then with every other one. */
export class LiveValue<T> implements Live<T> {
  #value: T;
  readonly #listeners = new Set<(value: T) => void>();
  readonly #equal: (a: T, b: T) => boolean;

  /** @param equal values for which it holds are one value: nobody is called */
  constructor(value: T, equal: (a: T, b: T) => boolean = Object.is) {
    this.#value = value;
    this.#equal = equal;
  }

  get(): T {
    return this.#value;
  }

  subscribe(listener: (value: T) => void): () => void {
    // One wrapper a subscription, so that the same function may subscribe twice and leave once.
    const own = (value: T): void => listener(value);
    this.#listeners.add(own);
    own(this.#value);
    return () => void this.#listeners.delete(own);
  }

  /** Replaces the value and calls every listener, each shielded from the others' exceptions: the first one is thrown at the end. */
  set(value: T): void {
    if (this.#equal(this.#value, value)) return;
    this.#value = value;
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (failure) {
        failures.push(failure);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
