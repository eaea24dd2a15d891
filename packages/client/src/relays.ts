// The account's relays as apps see them, and the choice of others. Not a concern here: what a choice entails (engine/relay-moves.ts), reading
// (engine/boards.ts).

import type { AccountRelayState, Cancellable, ClientOptions, Connection, Relays } from "./api.ts";
import { sleep } from "./clock.ts";
import { requireListed } from "./engine/notices.ts";
import { currentRelays, toldRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { RELAY_MOVE_RETRY_MS } from "./limits.ts";
import { LiveValue } from "./live.ts";
import { relayList } from "./relay/relay-list.ts";
import type { Views } from "./views.ts";

/** Of a relay that was not heard of yet. */
const NOT_YET: Connection = { state: "offline", reason: "closed" };

/** The relays of one account. */
export class RelayBook implements Relays {
  readonly list: LiveValue<readonly AccountRelayState[]>;
  readonly #views: Views;
  readonly #stop = new AbortController();

  constructor(views: Views) {
    this.#views = views;
    this.list = new LiveValue(this.#now(), same);
  }

  async set(relays: readonly (string | URL)[], { signal }: Cancellable = {}): Promise<void> {
    await this.#choose(relayList(relays), signal === undefined ? {} : { signal });
  }

  /** Follows the engine. */
  refresh(): void {
    this.list.set(this.#now());
  }

  /** Chooses the relays that the account was opened with, if it has others, as soon as they can be reached. */
  start(asked: ClientOptions["relay"] | undefined): void {
    if (asked !== undefined) void this.#move(relayList(asked));
  }

  stop(): void {
    this.#stop.abort();
  }

  async #move(relays: readonly string[]): Promise<void> {
    const { signal } = this.#stop;
    const { engine } = this.#views;
    while (!signal.aborted && !this.#has(relays)) {
      try {
        await this.#choose(relays, { signal });
      } catch (thrown) {
        const error = asMessengerError(thrown);
        if (signal.aborted) return;
        if (!error.retryable) return engine.report(error);
        await sleep(engine.clock, RELAY_MOVE_RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  /** The ends of the boards first: an account tells nobody of a relay before it reads there. */
  async #choose(relays: readonly string[], options: Cancellable): Promise<void> {
    const { engine } = this.#views;
    requireListed(engine.state);
    if (this.#has(relays)) return;
    const known = new Map(engine.state.self.relays.map(({ address, begin }) => [address, begin]));
    const chosen = await Promise.all(
      relays.map(async (address) => ({ address, begin: known.get(address) ?? (await engine.boardEnd(address, options)) })),
    );
    await engine.run("chooseRelays", chosen);
  }

  #has(relays: readonly string[]): boolean {
    const current = currentRelays(this.#views.engine.state.self).map(({ address }) => address);
    return current.join(" ") === relays.join(" ");
  }

  #now(): readonly AccountRelayState[] {
    const { engine } = this.#views;
    const { self } = engine.state;
    const home = toldRelays(self)[0];
    return self.relays.map(({ address, until }) => ({
      url: new URL(address),
      home: address === home,
      connection: engine.connectionTo(address) ?? NOT_YET,
      ...(until === null ? {} : { leaving: new Date(until) }),
    }));
  }
}

function same(a: readonly AccountRelayState[], b: readonly AccountRelayState[]): boolean {
  return a.length === b.length && a.every((relay, i) => sameRelay(relay, b[i] as AccountRelayState));
}

function sameRelay(a: AccountRelayState, b: AccountRelayState): boolean {
  return a.url.href === b.url.href && a.home === b.home && a.connection === b.connection && a.leaving?.getTime() === b.leaving?.getTime();
}
