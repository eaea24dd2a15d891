// The directory's record of this account, kept up to date at each of its relays while the account is published: the newest list, and this
// device's bundle signed anew before it is too old. Only the home hands out one-time prekeys: two relays would give the same one to two
// people, and only the first of them would be answered. Takes the state; asks relays. Not a concern here: whether to publish, handles.

import type { DirectoryRecord } from "@sotto/wire";
import type { Cancellable } from "../api.ts";
import type { Clock } from "../clock.ts";
import { BUNDLE_REFRESH_MS, PUBLISH_RETRY_MS } from "../limits.ts";
import type { RelayClient } from "../relay/relay-client.ts";
import { ownBundle } from "./own-prekeys.ts";
import { toldRelays } from "./own-relays.ts";
import { isListed } from "./notices.ts";
import type { State } from "./state.ts";
import type { Transaction, Writer } from "./transaction.ts";

/** Publishes when it is due. */
export class Publisher {
  readonly #state: State;
  readonly #writer: Writer;
  readonly #clock: Clock;
  readonly #relay: (address: string) => RelayClient;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #cancel: () => void = () => undefined;

  constructor(state: State, writer: Writer, clock: Clock, relay: (address: string) => RelayClient) {
    this.#state = state;
    this.#writer = writer;
    this.#clock = clock;
    this.#relay = relay;
  }

  /** Puts list and bundle into the directory of every relay now. One that takes it is enough; else the error of the first. */
  async publish(options: Cancellable = {}): Promise<void> {
    await this.#publishAt(toldRelays(this.#state.self), options);
  }

  /** Publishes where it is due; tries again later where the relay cannot be reached. */
  check(): void {
    if (this.#stop.signal.aborted || this.#running !== undefined) return;
    const due = this.#due();
    if (due.length === 0) return;
    this.#cancel();
    this.#running = this.#publishAt(due, { signal: this.#stop.signal })
      .catch(() => undefined)
      .finally(() => {
        this.#running = undefined;
        // What was stopped while it asked leaves no call behind: it would keep the process alive.
        if (!this.#stop.signal.aborted && this.#due().length > 0) this.#cancel = this.#clock.after(PUBLISH_RETRY_MS, () => this.check());
      });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running;
  }

  async #publishAt(relays: readonly string[], options: Cancellable): Promise<void> {
    const done = await Promise.allSettled(relays.map(async (relay) => await this.#put(relay, options)));
    const failure = done.find(({ status }) => status === "rejected");
    if (failure?.status === "rejected" && done.every(({ status }) => status === "rejected")) throw failure.reason;
  }

  async #put(relay: string, options: Cancellable): Promise<void> {
    const { account, record, list } = await this.#writer.change((tx) => {
      const { self } = tx;
      return { account: self.account, list: self.list, record: recordFor(tx, relay) };
    });
    await this.#relay(relay).putRecord(account, record, options);
    await this.#writer.change((tx) => {
      const { self } = tx;
      // A list that became known meanwhile is published next.
      if (self.list.version === list.version) tx.changeSelf({ publishedAt: { ...self.publishedAt, [relay]: tx.now } });
    });
  }

  #due(): readonly string[] {
    const { self } = this.#state;
    if (!self.published || !isListed(this.#state)) return [];
    return toldRelays(self).filter((relay) => {
      const at = self.publishedAt[relay];
      return at === undefined || this.#clock.now() - at > BUNDLE_REFRESH_MS;
    });
  }
}

function recordFor(tx: Transaction, relay: string): DirectoryRecord {
  const { bundle, oneTime, bare } = ownBundle(tx);
  const isHome = toldRelays(tx.self)[0] === relay;
  return { list: tx.self.list.bytes, bundles: [isHome ? { bytes: bundle.bytes, oneTime } : { bytes: bare }] };
}
