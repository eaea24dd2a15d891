// Reading boards, as one part that is loaded when an account has been opened (later.ts): its chats are shown, and what a person writes waits in
// the outbox, without. Takes the state; takes in what comes, and does what is due by the clock. Not a concern here: what cells do (receive.ts),
// connections (boards.ts), what may be due (upkeep.ts).

import type { Primitives } from "@sotto/protocol";
import type { Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import type { MessengerError } from "../errors.ts";
import type { BoardPosition } from "../relay/feed.ts";
import { later } from "../later.ts";
import { Boards } from "./boards.ts";
import type { LookingBack } from "./looking-back.ts";
import { OnDemand } from "./on-demand.ts";
import { ReadingAgain } from "./reading-again.ts";
import { Receiver, reportAllMissing } from "./receive.ts";
import { relayFound } from "./relay-moves.ts";
import { widenSessions } from "./sessions.ts";
import type { State } from "./state.ts";
import type { Writer } from "./transaction.ts";
import { Upkeep } from "./upkeep.ts";

/** What receiving tells. */
export interface ReceivingListener {
  /** Everything that was on a board has been taken in. */
  read(relay: string): void;
  /** A relay has lost its board, and whatever else it kept. */
  lost(relay: string): Promise<void>;
  /** What is known of a relay has changed. */
  changed(relay: string): void;
  error(error: MessengerError): void;
}

/** What receiving needs. */
export interface ReceivingContext {
  readonly state: State;
  readonly writer: Writer;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly transport: Transport;
  /** In [0, 1), for pauses. */
  random(): number;
  readonly listener: ReceivingListener;
}

/** An account that reads its boards. */
export class Receiving {
  readonly boards: Boards;
  readonly #writer: Writer;
  readonly #upkeep: Upkeep;
  readonly #readingAgain: ReadingAgain;
  readonly #lookingBack: OnDemand<LookingBack>;

  constructor({ state, writer, primitives, clock, transport, random, listener }: ReceivingContext) {
    const receiver = new Receiver(state, writer, primitives, () => clock.now());
    const failed = (error: unknown): void => listener.error(asMessengerError(error));
    this.#writer = writer;
    this.#upkeep = new Upkeep(state, writer, clock);
    this.boards = new Boards({
      state,
      transport,
      clock,
      random,
      listener: {
        cells: async (from, cells, after) => await receiver.receive(from, cells, after),
        read: async (from, at) => {
          await this.#read(from, at);
          listener.read(from);
        },
        expired: () => void writer.change(widenSessions).catch(failed),
        lost: (from) => void listener.lost(from).catch(failed),
        changed: (which) => {
          listener.changed(which);
          if (this.boards.isLive(which)) this.#lookingBack.check();
        },
        error: failed,
      },
    });
    const { boards } = this;
    this.#readingAgain = new ReadingAgain(state, clock, (from, cursor) => boards.goBack(from, cursor));
    this.#lookingBack = new OnDemand(
      () => true,
      async () => new (await later.lookingBack()).LookingBack({ state, writer, clock, transport, boards, receiver, failed }),
    );
  }

  /** Begins. */
  start(): void {
    this.boards.follow();
    this.#upkeep.schedule();
    this.#readingAgain.check();
  }

  /** Follows a commit: `relays` may be others, something else may be `due`. */
  committed({ relays, due }: { readonly relays: boolean; readonly due: boolean }): void {
    if (due) this.#upkeep.schedule();
    if (relays) this.boards.follow();
    this.#readingAgain.check();
  }

  /** Ends; resolves when nothing is being taken in any more. */
  async stop(): Promise<void> {
    this.#upkeep.stop();
    this.#readingAgain.stop();
    await Promise.all([this.boards.stop(), this.#lookingBack.stop()]);
  }

  async #read(relay: string, at: BoardPosition): Promise<void> {
    await this.#writer.change(async (tx) => {
      tx.boardRead(relay, at);
      relayFound(tx, relay, at);
      const all = this.boards.allLiveWith(relay);
      if (all) reportAllMissing(tx);
      await this.#upkeep.caughtUp(tx, all);
    });
  }
}
