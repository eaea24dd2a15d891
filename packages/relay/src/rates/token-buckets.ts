// How often somebody may do something: a token bucket per key. Bounded: of too many keys the one that was used least recently is forgotten
// (it starts anew with a full bucket). Not its concern: what a key is, and the clock.

import type { Rate } from "../limits.ts";

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets of one rate. */
export class TokenBuckets {
  readonly #rate: Rate;
  readonly #maxKeys: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, maxKeys: number) {
    this.#rate = rate;
    this.#maxKeys = maxKeys;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes `tokens` from the key's bucket and gives 0, or takes nothing and gives the seconds until there are enough. */
  take(key: string, tokens: number, nowMs: number): number {
    const { burst, perSecond } = this.#rate;
    const known = this.#buckets.get(key);
    const refilled = known === undefined ? burst : Math.min(burst, known.tokens + (Math.max(0, nowMs - known.atMs) / 1000) * perSecond);
    const wait = refilled >= tokens ? 0 : Math.max(1, Math.ceil((tokens - refilled) / perSecond));
    // Deleting first makes this key the most recently used.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: wait === 0 ? refilled - tokens : refilled, atMs: nowMs });
    if (this.#buckets.size > this.#maxKeys) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return wait;
  }
}
