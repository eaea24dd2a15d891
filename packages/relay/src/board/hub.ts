// Who reads which shard: hands every announcement of the store to the subscriptions of its shard, and gives catching-up subscriptions their
// turns at the store, so that ten thousand readers who come back at once do not stand before the writers.
// Not its concern: what a subscription does with it.

import { type Shard, shardKey } from "@sotto/wire";
import type { CellRun, Store } from "../store/store.ts";
import type { CellSink, SubscriptionStart } from "./subscription.ts";
import { Subscription } from "./subscription.ts";

/** The subscriptions of all sockets. */
export class Hub {
  readonly #store: Store;
  readonly #shards = new Map<string, Set<Subscription>>();
  readonly #turns: (() => void)[] = [];
  readonly #unwatch: () => void;
  #freeTurns: number;
  #subscriptions = 0;

  constructor(store: Store, concurrentReads: number) {
    this.#store = store;
    this.#freeTurns = concurrentReads;
    this.#unwatch = store.watch((announcement) => {
      for (const subscription of this.#shards.get(shardKey(announcement.shard)) ?? []) subscription.announce(announcement);
    });
  }

  /** Subscriptions of all sockets. */
  get size(): number {
    return this.#subscriptions;
  }

  /** A subscription that hears announcements from now on; it begins to send with `start()`. */
  add(start: SubscriptionStart, sink: CellSink, failed: (error: unknown) => void): Subscription {
    const subscription = new Subscription(start, sink, (shard, after, limit) => this.#read(shard, after, limit), failed);
    const key = shardKey(start.shard);
    const readers = this.#shards.get(key) ?? new Set();
    this.#shards.set(key, readers.add(subscription));
    this.#subscriptions++;
    return subscription;
  }

  remove(subscription: Subscription): void {
    subscription.close();
    const key = shardKey(subscription.shard);
    const readers = this.#shards.get(key);
    if (readers?.delete(subscription) !== true) return;
    this.#subscriptions--;
    if (readers.size === 0) this.#shards.delete(key);
  }

  close(): void {
    this.#unwatch();
  }

  async #read(shard: Shard, after: number, limit: number): Promise<CellRun> {
    if (this.#freeTurns > 0) this.#freeTurns--;
    else await new Promise<void>((resolve) => this.#turns.push(resolve));
    try {
      return await this.#store.read(shard, after, { limit });
    } finally {
      const next = this.#turns.shift();
      if (next === undefined) this.#freeTurns++;
      else next();
    }
  }
}
