// The directory's record of this account, kept up to date while the account is published: the newest list, and this device's bundle signed
// anew before it is too old. Takes the state; asks the home relay. Not a concern here: whether to publish, handles.

import type { Cancellable } from "../api.ts";
import type { Clock } from "../clock.ts";
import { BUNDLE_REFRESH_MS, PUBLISH_RETRY_MS } from "../limits.ts";
import type { RelayClient } from "../relay/relay-client.ts";
import { ownBundle } from "./own-prekeys.ts";
import { isListed } from "./notices.ts";
import type { State } from "./state.ts";
import type { Writer } from "./transaction.ts";

/** Publishes when it is due. */
export class Publisher {
  readonly #state: State;
  readonly #writer: Writer;
  readonly #clock: Clock;
  readonly #relay: () => RelayClient;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #cancel: () => void = () => undefined;

  constructor(state: State, writer: Writer, clock: Clock, relay: () => RelayClient) {
    this.#state = state;
    this.#writer = writer;
    this.#clock = clock;
    this.#relay = relay;
  }

  /** Puts list and bundle into the directory now. Errors of the relay. */
  async publish(options: Cancellable = {}): Promise<void> {
    const { account, record, list } = await this.#writer.change((tx) => {
      const { self } = tx;
      const { bundle, oneTime } = ownBundle(tx);
      return { account: self.account, list: self.list, record: { list: self.list.bytes, bundles: [{ bytes: bundle.bytes, oneTime }] } };
    });
    await this.#relay().putRecord(account, record, options);
    await this.#writer.change((tx) => {
      // A list that became known meanwhile is published next.
      if (tx.self.list.version === list.version) tx.changeSelf({ publishedAt: tx.now });
    });
  }

  /** Publishes if it is due; tries again later when the relay cannot be reached. */
  check(): void {
    if (this.#stop.signal.aborted || this.#running !== undefined || !this.#due()) return;
    this.#cancel();
    this.#running = this.publish({ signal: this.#stop.signal }).then(
      () => void (this.#running = undefined),
      () => {
        this.#running = undefined;
        this.#cancel = this.#clock.after(PUBLISH_RETRY_MS, () => this.check());
      },
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#running;
  }

  #due(): boolean {
    const { self } = this.#state;
    if (!self.published || !isListed(this.#state)) return false;
    return self.publishedAt === null || this.#clock.now() - self.publishedAt > BUNDLE_REFRESH_MS;
  }
}
