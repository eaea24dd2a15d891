// Which relay a cell goes to: the first of its receiver's that works. Takes what came of attempts; says where to try and when. A relay that
// could not be reached for a while is left aside, tried again now and then, and is the first choice again as soon as it answers. Kept in
// memory only: after a restart every relay is worth an attempt. Not a concern here: cells, sending.

import { RELAY_ASIDE, RELAY_PATIENCE_MS } from "../limits.ts";
import { type Backoff, backoffMs } from "../relay/backoff.ts";

const RETRY: Backoff = { firstMs: 500, mostMs: 60_000 };

/** What is known of a relay that failed last. */
interface Failing {
  /** Since when, ms. */
  readonly since: number;
  /** Attempts in a row that failed. */
  readonly attempts: number;
  /** Of these, attempts while it was left aside. */
  readonly probes: number;
  /** Until when others are preferred to it, ms. */
  readonly asideUntil: number;
}

/** Knows which relays work. */
export class Routes {
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #failing = new Map<string, Failing>();
  /** When each relay may be asked again, ms. */
  readonly #pauses = new Map<string, number>();

  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** Of some relays in order of preference, the one to try; when none works, the one that may be asked first. */
  choose(relays: readonly string[]): string | undefined {
    return relays.find((relay) => !this.#isAside(relay)) ?? relays.toSorted((a, b) => this.pausedUntil(a) - this.pausedUntil(b))[0];
  }

  /** Whether the last attempt to reach it failed. */
  isFailing(relay: string): boolean {
    return this.#failing.has(relay);
  }

  /** Since when a relay cannot be reached, ms. */
  failingSince(relay: string): number | undefined {
    return this.#failing.get(relay)?.since;
  }

  /** When a relay may be asked, ms. */
  pausedUntil(relay: string): number {
    return this.#pauses.get(relay) ?? 0;
  }

  /** When there will be another choice than now, because of this relay, ms. */
  turn(relay: string): number {
    const failing = this.#failing.get(relay);
    return failing === undefined ? Infinity : failing.since + RELAY_PATIENCE_MS;
  }

  /** It answered. */
  works(relay: string): void {
    this.#failing.delete(relay);
    this.#pauses.delete(relay);
  }

  /** It asks to wait. It works, so no other one is tried. */
  waits(relay: string, waitMs: number): void {
    this.#pauses.set(relay, this.#now() + waitMs);
  }

  /** An attempt to reach it failed; it is asked again after `waitMs` at the earliest. */
  failed(relay: string, waitMs = 0): void {
    const now = this.#now();
    const before = this.#failing.get(relay);
    const attempts = (before?.attempts ?? 0) + 1;
    this.#pauses.set(relay, now + Math.max(waitMs, backoffMs(RETRY, attempts, this.#random())));
    const since = before?.since ?? now;
    const probes = (before?.probes ?? 0) + (now >= since + RELAY_PATIENCE_MS ? 1 : 0);
    const aside = Math.min(RELAY_ASIDE.mostMs, RELAY_ASIDE.firstMs * 2 ** Math.min(Math.max(0, probes - 1), 30));
    this.#failing.set(relay, { since, attempts, probes, asideUntil: Math.max(now, since + RELAY_PATIENCE_MS) + aside });
  }

  /** Somebody else could not reach it. */
  suspect(relay: string): void {
    if (this.#failing.has(relay)) return;
    const now = this.#now();
    this.#failing.set(relay, { since: now, attempts: 0, probes: 0, asideUntil: now + RELAY_PATIENCE_MS + RELAY_ASIDE.firstMs });
  }

  /** Something says that relays can be reached again: each is worth an attempt now. */
  hope(): void {
    this.#pauses.clear();
    for (const [relay, failing] of this.#failing) this.#failing.set(relay, { ...failing, asideUntil: 0 });
  }

  #isAside(relay: string): boolean {
    const failing = this.#failing.get(relay);
    return failing !== undefined && this.#now() >= failing.since + RELAY_PATIENCE_MS && this.#now() < failing.asideUntil;
  }
}
