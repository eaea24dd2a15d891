// Recovery by the 24 words.

import type { Cancellable, Live } from "./values.ts";

export interface Recovery {
  /** "linked": this device does not hold the 24 words. */
  readonly status: Live<"linked" | "unseen" | "seen" | "confirmed">;
  /** Asks `unlock("reveal")` first when the store has a passphrase. The only call that returns a secret. `recovery/not-here` on a linked device. */
  reveal(options?: Cancellable): Promise<{ words: readonly string[] }>;
  /** Word positions (1-based) to ask back, chosen here so that apps cannot make it too easy. */
  challenge(): Promise<{ positions: readonly number[]; answer(words: readonly string[]): Promise<boolean> }>;
}
