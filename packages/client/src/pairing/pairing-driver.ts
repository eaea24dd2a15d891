// Carries one run of a pairing: cells between the protocol's machine and the relay, and time. Takes a run that has begun; gives what the
// machine wants shown or asked, and how the run ended, once. Not a concern here: what is shown, what is handed over.

import {
  equalBytes,
  type PairingEffect,
  type PairingEvent,
  type PairingState,
  type PairingStep,
  type Primitives,
  stepPairing,
} from "@sotto/protocol";
import { shardOf } from "@sotto/wire";
import type { Transport } from "../api.ts";
import { type Clock, sleep } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { FAREWELL_MS, RECONNECT } from "../limits.ts";
import { backoffMs, chance } from "../relay/backoff.ts";
import { type Feed, type FeedCell, startFeed } from "../relay/feed.ts";
import { RelayClient, type Shard } from "../relay/relay-client.ts";
import { pairingFailure } from "./pairing-failure.ts";

/** What a pairing needs of its surroundings. */
export interface PairingContext {
  readonly primitives: Primitives;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** What is left for people and for the account once the driver has done its part. */
export type PairingNotice = Exclude<PairingEffect, { type: "append" | "watch" | "delivered" | "failed" }>;

/** How a run ended. `handedOver`: the payload may be known on the other side (giver), or was taken here (receiver). */
export type PairingEnd = { readonly error?: undefined } | { readonly error: MessengerError; readonly handedOver: boolean };

/** Told in order; after `ended`, nothing. */
export interface PairingListener {
  notice(notice: PairingNotice): void;
  /** After every step. */
  state(state: PairingState): void;
  ended(end: PairingEnd): void;
}

/** Pairing cells are read by everybody, like all others, until shards are split (spec §4). */
const BITS = 0;

/** One run. */
export class PairingDriver {
  readonly #context: PairingContext;
  readonly #listener: PairingListener;
  readonly #relay: RelayClient;
  readonly #shard: Shard;
  readonly #stop = new AbortController();
  #state: PairingState;
  #watched: readonly Uint8Array[] = [];
  #appends: Promise<void> = Promise.resolve();
  #feed: Feed | undefined;
  #cancelTick: () => void = () => undefined;
  /** Why this side ends the run, when it was neither the person nor the machine. */
  #reason: MessengerError | undefined;

  private constructor(context: PairingContext, step: PairingStep, listener: PairingListener) {
    this.#context = context;
    this.#listener = listener;
    this.#state = step.state;
    this.#relay = new RelayClient({ relay: step.state.relay, transport: context.transport, clock: context.clock });
    this.#shard = shardOf(BITS, step.state.locator);
  }

  /**
   * Starts reading, then does what the first step says: a code is shown only when its answer cannot be missed. Fails with
   * `relay/unreachable`, `aborted`. Later, `signal` ends the run.
   */
  static async start(context: PairingContext, step: PairingStep, listener: PairingListener, signal?: AbortSignal): Promise<PairingDriver> {
    const driver = new PairingDriver(context, step, listener);
    await driver.#listen(signal);
    signal?.addEventListener("abort", () => driver.cancel(), { signal: driver.#stop.signal });
    driver.#take(step);
    return driver;
  }

  /** How far the run is. */
  get state(): PairingState {
    return this.#state;
  }

  /** Tells the machine. Fails with `argument/invalid`, `device/code-malformed`, `message/too-large`: then nothing happened. */
  tell(event: PairingEvent): void {
    let step: PairingStep;
    try {
      step = stepPairing(this.#context.primitives, this.#state, event, this.#context.clock.now());
    } catch (error) {
      throw asMessengerError(error);
    }
    this.#take(step);
  }

  /** The person here stops it; or it cannot go on here, because of `reason`. After the end: nothing. */
  cancel(reason?: MessengerError): void {
    this.#reason = reason;
    this.tell({ type: "cancel" });
  }

  #take({ state, effects }: PairingStep): void {
    this.#state = state;
    this.#cancelTick();
    for (const effect of effects) if (effect.type === "watch") this.#watched = effect.tags;
    this.#listener.state(state);
    for (const effect of effects) this.#do(effect);
    if (this.#state !== state || state.phase === "done" || state.phase === "failed") return;
    const wait = Math.max(0, state.expires - this.#context.clock.now());
    this.#cancelTick = this.#context.clock.after(wait, () => this.tell({ type: "tick" }));
  }

  #do(effect: PairingEffect): void {
    switch (effect.type) {
      case "watch":
        return;
      case "append":
        this.#appends = this.#appends.then(() => this.#append(effect.tag, effect.body));
        return;
      case "delivered":
        return this.#end({});
      case "failed":
        return this.#end({ error: this.#reason ?? pairingFailure(effect.code, effect.message), handedOver: effect.handedOver });
      default:
        return this.#listener.notice(effect);
    }
  }

  #end(end: PairingEnd): void {
    void this.#feed?.stop();
    const cancelFarewell = this.#context.clock.after(FAREWELL_MS, () => this.#stop.abort());
    void this.#appends.finally(() => {
      cancelFarewell();
      this.#stop.abort();
    });
    this.#listener.ended(end);
  }

  /** The same bytes until the relay answers. */
  async #append(tag: Uint8Array, body: Uint8Array): Promise<void> {
    const { clock } = this.#context;
    const { signal } = this.#stop;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        const result = await this.#relay.append({ shard: this.#shard, tag, body }, { signal });
        return this.tell({ type: "appended", tag, result });
      } catch (error) {
        const reason = asMessengerError(error);
        if (signal.aborted) return;
        if (!reason.retryable) return this.cancel(reason);
        const asked = MessengerError.is(reason, "relay/busy", "relay/rate-limited") ? reason.details.retryAfter : 0;
        await sleep(clock, Math.max(asked, backoffMs(RECONNECT, failures, chance(this.#context.primitives))), signal).catch(
          () => undefined,
        );
      }
    }
  }

  /** Resolves when everything that is pinned from now on will be read. */
  #listen(signal: AbortSignal | undefined): Promise<void> {
    const { transport, clock, primitives } = this.#context;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let waiting = true;
    const settle = (error?: MessengerError): void => {
      if (!waiting) return;
      waiting = false;
      signal?.removeEventListener("abort", abort);
      if (error === undefined) return resolve();
      void this.#feed?.stop();
      reject(error);
    };
    const abort = (): void => settle(new MessengerError("aborted", {}));
    this.#feed = startFeed({
      relay: this.#state.relay,
      transport,
      clock,
      random: () => chance(primitives),
      shard: this.#shard,
      after: "now",
      listener: {
        onCells: async (cells) => cells.forEach((cell) => this.#read(cell)),
        onConnection: ({ state }) => {
          if (state === "online") settle();
          if (state === "offline" || state === "blocked") settle(new MessengerError("relay/unreachable", { relay: this.#relay.address }));
        },
      },
    });
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) abort();
    return promise;
  }

  #read({ tag, body }: FeedCell): void {
    if (this.#watched.some((watched) => equalBytes(watched, tag))) this.tell({ type: "cell", tag, body });
  }
}
