// The outbox: cells to relays, in the order in which they were enqueued, one a request, until each is on a board that its receiver reads. One
// loop per relay, so that one that is down keeps no other waiting; its cells go to the next of their receivers' relays. Another attempt sends
// the identical bytes, at whatever relay: a cell that is on two boards does no harm. Takes cells out of the state; tells the writer what the
// relay answered. Not a concern here: what is in a cell, what follows from an answer (delivery.ts), which relay works (routes.ts).

import type { Clock } from "../clock.ts";
import { sleep } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import type { OutboxRecord } from "../records/outbox-record.ts";
import type { AppendResult, RelayClient } from "../relay/relay-client.ts";
import { cellConflicted, cellInOutbox, cellRejected, cellStored } from "./delivery.ts";
import { receivingRelays } from "./receiving-relays.ts";
import type { Routes } from "./routes.ts";
import type { State } from "./state.ts";
import type { Writer } from "./transaction.ts";

/** What the outbox tells: a cell left it, or one waits and no other relay of its receiver is known to work. */
export type OutboxEvent =
  | { readonly type: "settled"; readonly place: number; readonly relay: string }
  | { readonly type: "waiting"; readonly relay: string; readonly error: MessengerError };

/** What the outbox needs of its surroundings. */
export interface OutboxContext {
  readonly state: State;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly routes: Routes;
  relay(origin: string): RelayClient;
}

/** Sends what is in the outbox for as long as it runs. */
export class Outbox {
  readonly #context: OutboxContext;
  readonly #stop = new AbortController();
  readonly #loops = new Map<string, Promise<void>>();
  /** Relays that will never take a cell: of this very record, since its place will be another one's. */
  readonly #refused = new WeakMap<OutboxRecord, ReadonlySet<string>>();
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
    for (const cell of this.#context.state.outbox.values()) {
      const relay = this.#routeOf(cell);
      if (relay !== undefined) relays.add(relay);
    }
    for (const relay of relays) {
      if (!this.#loops.has(relay) && this.#head(relay) !== undefined) this.#loops.set(relay, this.#run(relay));
    }
  }

  /** Ends pauses: something says that relays can be reached again. */
  retryNow(): void {
    this.#context.routes.hope();
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
    for (let cell = this.#head(relay); cell !== undefined; cell = this.#head(relay)) {
      const pause = this.#pauseAt(relay);
      if (pause > 0) {
        await sleep(this.#context.clock, pause, AbortSignal.any([this.#stop.signal, this.#wake.signal])).catch(() => undefined);
        // The turn of another relay may have come meanwhile.
        this.kick();
      } else await this.#send(relay, cell).catch((error: unknown) => this.#failed(relay, cell, asMessengerError(error)));
    }
    this.#loops.delete(relay);
    this.kick();
  }

  /** The first cell for a relay, if nothing else has to be stored before it. */
  #head(relay: string): OutboxRecord | undefined {
    if (this.#stop.signal.aborted) return undefined;
    const { outbox } = this.#context.state;
    let head: OutboxRecord | undefined;
    for (const cell of outbox.values()) {
      if ((head === undefined || cell.place < head.place) && this.#routeOf(cell) === relay) head = cell;
    }
    const awaited = head?.after ?? null;
    return awaited !== null && outbox.get(String(awaited)) !== undefined ? undefined : head;
  }

  /** Where a cell goes as things are: to the first of its receiver's relays that works and has not refused it. */
  #routeOf(cell: OutboxRecord): string | undefined {
    return this.#context.routes.choose(this.#relaysFor(cell));
  }

  #relaysFor(cell: OutboxRecord): readonly string[] {
    const refused = this.#refused.get(cell);
    const relays = receivingRelays(this.#context.state, cell.account);
    return refused === undefined ? relays : relays.filter((relay) => !refused.has(relay));
  }

  /** How long to wait before a relay is asked, ms: as long as it has to be, or until another one may be the better choice. */
  #pauseAt(relay: string): number {
    const { routes, clock } = this.#context;
    const now = clock.now();
    const turn = routes.turn(relay);
    return Math.min(routes.pausedUntil(relay), turn > now ? turn : Infinity) - now;
  }

  async #send(relay: string, cell: OutboxRecord): Promise<void> {
    const { bits, prefix, tag, body } = cell;
    const { writer, routes, state } = this.#context;
    let result: AppendResult | MessengerError<"relay/rejected">;
    try {
      result = await this.#context.relay(relay).append({ shard: { bits, prefix }, tag, body }, { signal: this.#stop.signal });
    } catch (error) {
      if (!MessengerError.is(error, "relay/rejected")) throw error;
      result = error;
      this.#refused.set(cell, new Set([...(this.#refused.get(cell) ?? []), relay]));
    }
    routes.works(relay);
    // A relay that takes it may be left.
    if (MessengerError.is(result) && this.#relaysFor(cell).length > 0) return;
    await writer.change(async (tx) => {
      const held = cellInOutbox(tx, cell);
      if (held === undefined) return;
      if (MessengerError.is(result)) await cellRejected(tx, held, result);
      else if (result === "conflict") await cellConflicted(tx, held);
      else await cellStored(tx, held, relay);
    });
    if (state.outbox.get(String(cell.place)) === undefined) this.#tell({ type: "settled", place: cell.place, relay });
  }

  #failed(relay: string, cell: OutboxRecord, error: MessengerError): void {
    if (this.#stop.signal.aborted) return;
    const { routes } = this.#context;
    if (MessengerError.is(error, "relay/rate-limited")) routes.waits(relay, error.details.retryAfter);
    else routes.failed(relay, MessengerError.is(error, "relay/busy") ? error.details.retryAfter : 0);
    // While another relay may take it, there is nothing to tell.
    if (this.#relaysFor(cell).every((other) => other === relay || routes.isFailing(other))) this.#tell({ type: "waiting", relay, error });
  }

  #tell(event: OutboxEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
