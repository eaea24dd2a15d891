// The account's relays as apps see them. Not a concern here: choosing others (relay-choice.ts), reading (engine/boards.ts).

import type { AccountRelayState, Cancellable, ClientOptions, Connection, Relays } from "./api.ts";
import { toldRelays } from "./engine/own-relays.ts";
import { asMessengerError } from "./error-mapping.ts";
import { later } from "./later.ts";
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
    const chosen = relayList(relays);
    const { chooseRelays } = await later.choosingRelays();
    await chooseRelays(this.#views, chosen, signal === undefined ? {} : { signal });
  }

  /** Follows the engine. */
  refresh(): void {
    this.list.set(this.#now());
  }

  /** Chooses the relays that the account was opened with, if it has others, as soon as they can be reached. */
  start(asked: ClientOptions["relay"] | undefined): void {
    if (asked === undefined) return;
    const chosen = relayList(asked);
    const moved = later.choosingRelays().then(async ({ moveTo }) => await moveTo(this.#views, chosen, this.#stop.signal));
    moved.catch((error: unknown) => this.#views.engine.report(asMessengerError(error)));
  }

  stop(): void {
    this.#stop.abort();
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
