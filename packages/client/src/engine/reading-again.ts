// Reads a board again from where a relay has passed over cells: a session knows what it misses, and the board has it for 14 days. Not more
// often than now and then, since whoever leaves gaps on purpose (a contact, a relay) could make this device read for ever. Takes the state;
// says from where. Not a concern here: noticing gaps (receive.ts).

import type { Clock } from "../clock.ts";
import { READ_AGAIN_MS } from "../limits.ts";
import type { State } from "./state.ts";

/** Goes back when there is reason to. */
export class ReadingAgain {
  readonly #state: Pick<State, "positions">;
  readonly #clock: Clock;
  readonly #goBack: (relay: string, cursor: number) => void;
  #last = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(state: Pick<State, "positions">, clock: Clock, goBack: (relay: string, cursor: number) => void) {
    this.#state = state;
    this.#clock = clock;
    this.#goBack = goBack;
  }

  /** Looks whether something is to be read again, and does it when it is time. */
  check(): void {
    if (this.#cancel !== undefined || this.#due().length === 0) return;
    this.#cancel = this.#clock.after(Math.max(0, this.#last + READ_AGAIN_MS - this.#clock.now()), () => {
      this.#cancel = undefined;
      for (const { relay, again } of this.#due()) {
        this.#last = this.#clock.now();
        this.#goBack(relay, again);
      }
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  #due(): readonly { relay: string; again: number }[] {
    return [...this.#state.positions.values()].flatMap(({ relay, cursor, again }) =>
      again === undefined || cursor <= again.after ? [] : [{ relay, again: again.after }],
    );
  }
}
