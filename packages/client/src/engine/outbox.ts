// The outbox: cells to relays, in the order in which they were enqueued, one a request, until each is on the board. One loop per relay, so
// that one that is down keeps no other waiting. A retry sends the identical bytes. Takes cells out of the state; tells the writer what the
// relay answered. Not a concern here: what is in a cell, what follows from an answer (delivery.ts).

import type { Clock } from "../clock.ts";
import { sleep } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import { type Backoff, backoffMs } from "../relay/backoff.ts";
import type { AppendResult, RelayClient } from "../relay/relay-client.ts";
import { cellConflicted, cellInOutbox, cellRejected, cellStored } from "./delivery.ts";
import type { State } from "./state.ts";
import type { Writer } from "./transaction.ts";

const RETRY: Backoff = { firstMs: 500, mostMs: 60_000 };

/** What the outbox tells: a cell left it, or nothing moves at a relay for now. */
export type OutboxEvent =
  | { readonly type: "settled"; readonly place: number; readonly relay: string }
  | { readonly type: "waiting"; readonly relay: string; readonly error: MessengerError };

/** What the outbox needs of its surroundings. */
export interface OutboxContext {
  readonly state: State;
  readonly writer: Writer;
  readonly clock: Clock;
  /** In [0, 1), for jitter. */
  random(): number;
  relay(origin: string): RelayClient;
}

/** Sends what is in the outbox for as long as it runs. */
export class Outbox {
  readonly #context: OutboxContext;
  readonly #stop = new AbortController();
  readonly #loops = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(event: OutboxEvent) => void>();
  #wake = new AbortController();
  #open = false;

  constructor(context: OutboxContext) {
    this.#context = context;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#context.state.outbox.size === 0;
  }

  /** Begins to send; before that, cells only collect. */
  open(): void {
    this.#open = true;
    this.kick();
  }

  /** Looks for cells that can be sent. Call it when some were enqueued. */
  kick(): void {
    if (!this.#open || this.#stop.signal.aborted) return;
    const relays = new Set<string>();
    for (const { relay } of this.#context.state.outbox.values()) relays.add(relay);
    for (const relay of relays) if (!this.#loops.has(relay)) this.#loops.set(relay, this.#run(relay));
  }

  /** Ends pauses: something says that relays can be reached again. */
  retryNow(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Calls for each event until the function returned is called. */
  watch(listener: (event: OutboxEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Stops sending; resolves when nothing is under way. What was not answered for stays and is sent again, as it is. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops.values());
  }

  async #run(relay: string): Promise<void> {
    await undefined; // not before the map holds this loop
    let failures = 0;
    for (let cell = this.#head(relay); cell !== undefined; cell = this.#head(relay)) {
      try {
        await this.#send(cell);
        failures = 0;
      } catch (error) {
        if (this.#stop.signal.aborted) break;
        failures++;
        await this.#pause(relay, asMessengerError(error), failures);
      }
    }
    this.#loops.delete(relay);
    if (!this.#stop.signal.aborted && this.#head(relay) !== undefined) this.kick();
  }

  /** The first cell for a relay, if nothing else has to be stored before it. */
  #head(relay: string): OutboxRecord | undefined {
    if (this.#stop.signal.aborted) return undefined;
    const { outbox } = this.#context.state;
    let head: OutboxRecord | undefined;
    for (const cell of outbox.values()) {
      if (cell.relay === relay && (head === undefined || cell.place < head.place)) head = cell;
    }
    const awaited = head?.after ?? null;
    return awaited !== null && outbox.get(String(awaited)) !== undefined ? undefined : head;
  }

  async #send(cell: OutboxRecord): Promise<void> {
    const { relay, bits, prefix, tag, body } = cell;
    const { writer } = this.#context;
    let result: AppendResult;
    try {
      result = await this.#context.relay(relay).append({ shard: { bits, prefix }, tag, body }, { signal: this.#stop.signal });
    } catch (error) {
      if (!MessengerError.is(error, "relay/rejected")) throw error;
      await writer.change(async (tx) => {
        const held = cellInOutbox(tx, cell);
        if (held !== undefined) await cellRejected(tx, held, error);
      });
      this.#tell({ type: "settled", place: cell.place, relay });
      return;
    }
    await writer.change(async (tx) => {
      const held = cellInOutbox(tx, cell);
      if (held === undefined) return;
      if (result === "conflict") await cellConflicted(tx, held);
      else await cellStored(tx, held);
    });
    if (this.#context.state.outbox.get(String(cell.place)) === undefined) {
      this.#tell({ type: "settled", place: cell.place, relay });
    }
  }

  async #pause(relay: string, error: MessengerError, failures: number): Promise<void> {
    this.#tell({ type: "waiting", relay, error });
    const asked = MessengerError.is(error, "relay/rate-limited", "relay/busy") ? error.details.retryAfter : 0;
    const wait = Math.max(asked, backoffMs(RETRY, failures, this.#context.random()));
    const signal = AbortSignal.any([this.#stop.signal, this.#wake.signal]);
    await sleep(this.#context.clock, wait, signal).catch(() => undefined);
  }

  #tell(event: OutboxEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
