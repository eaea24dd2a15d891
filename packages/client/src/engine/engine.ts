// The engine: an opened account that receives and sends. Puts its parts together and passes on what they tell each other: a commit wakes the
// outbox, the feed feeds the receiver, timers send what is due. Takes a loaded state; gives one way to change it. Not a concern here: what
// apps see (client.ts).

import type { Primitives } from "@sotto/protocol";
import type { BackupOptions, Cancellable, Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { labelOf } from "../label.ts";
import { failureOf, type MessageRecord } from "../records/message-record.ts";
import { backupKind } from "../records/backup-record.ts";
import { type BoardPosition, type Feed, startFeed } from "../relay/feed.ts";
import { RelayClient } from "../relay/relay-client.ts";
import { WHOLE_BOARD } from "@sotto/wire";
import { BackupKeeper } from "./backup-keeper.ts";
import { runOnce } from "./calls.ts";
import { type CommandArguments, type CommandName, type CommandResult, runCommand } from "./commands.ts";
import { watchEverything } from "./lanes.ts";
import { Outbox } from "./outbox.ts";
import { Publisher } from "./publisher.ts";
import { ReadingAgain } from "./reading-again.ts";
import { Receiver } from "./receive.ts";
import { noticeLostSessions } from "./repair.ts";
import { widenSessions } from "./sessions.ts";
import type { State } from "./state.ts";
import { type Commit, type Transaction, Writer } from "./transaction.ts";
import { Upkeep } from "./upkeep.ts";
import { untilAborted } from "./until.ts";

/** What an engine runs on. */
export interface Surroundings {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly transport: Transport;
  /** In [0, 1), for pauses. */
  random(): number;
}

/** What an engine tells. */
export interface EngineListener {
  committed(commit: Commit): void;
  connection(connection: Connection): void;
  error(error: MessengerError): void;
}

/** Whether an error only says that a relay cannot answer for now: the connection tells of it. */
function isAbsence(error: MessengerError): boolean {
  return MessengerError.is(error, "relay/unreachable", "relay/rate-limited", "relay/busy");
}

/** An opened account at work. */
export class Engine {
  readonly state: State;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly #surroundings: Surroundings;
  readonly #listener: EngineListener;
  readonly #writer: Writer;
  readonly #receiver: Receiver;
  readonly #upkeep: Upkeep;
  readonly #publisher: Publisher;
  readonly #readingAgain: ReadingAgain;
  readonly #backups: BackupKeeper;
  readonly #relays = new Map<string, RelayClient>();
  readonly #waiting = new Set<(ended?: MessengerError) => boolean>();
  readonly #failures = new Set<(message: MessageRecord) => void>();
  #feed: Feed | undefined;
  /** The name in the store's label, and the writing of it. */
  #name: string;
  #labelled: Promise<void> = Promise.resolve();
  /** Everything that was on the board has been taken in, and what comes next is pushed. */
  #live = false;
  #stopped = false;

  private constructor(state: State, surroundings: Surroundings, listener: EngineListener) {
    const { primitives, clock } = surroundings;
    this.state = state;
    this.#name = state.self.name;
    this.primitives = primitives;
    this.clock = clock;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#writer = new Writer(
      state,
      primitives,
      () => clock.now(),
      (commit) => this.#committed(commit),
    );
    this.#receiver = new Receiver(state, this.#writer, primitives, () => clock.now());
    this.#upkeep = new Upkeep(state, this.#writer, clock);
    const relay = (origin: string): RelayClient => this.relay(origin);
    this.#publisher = new Publisher(state, this.#writer, clock, () => this.relay());
    this.#readingAgain = new ReadingAgain(state, clock, (cursor) => this.#feed?.goBack(cursor));
    this.#backups = new BackupKeeper({ state, writer: this.#writer, primitives, clock, relay: () => this.relay() });
    this.outbox = new Outbox({ state, writer: this.#writer, clock, random: surroundings.random, relay });
    this.outbox.watch((event) => {
      if (event.type === "waiting" && !isAbsence(event.error)) listener.error(event.error);
    });
  }

  /** Takes over an account; nothing is sent or received before `start`. */
  static async open(state: State, surroundings: Surroundings, listener: EngineListener): Promise<Engine> {
    const engine = new Engine(state, surroundings, listener);
    await engine.change((tx) => {
      watchEverything(tx);
      noticeLostSessions(tx);
    });
    return engine;
  }

  /** Begins to receive and to send. */
  start(): void {
    if (this.state.self.removed) {
      this.#listener.connection({ state: "blocked", reason: "removed" });
      return;
    }
    const { clock, transport, random } = this.#surroundings;
    this.#feed = startFeed({
      relay: this.state.self.relay,
      transport,
      clock,
      random,
      shard: WHOLE_BOARD,
      // Nobody could write to a new account before it was on a board: it begins at the end of what is there.
      after: this.state.position ?? "now",
      listener: {
        onCells: async (cells, after) => await this.#receiver.receive(cells, after),
        onLive: (at) => void this.#becameLive(at).catch((error: unknown) => this.#listener.error(asMessengerError(error))),
        onExpired: () => void this.#writer.change(widenSessions).catch((error: unknown) => this.#listener.error(asMessengerError(error))),
        onConnection: (connection) => this.#connected(connection),
        onError: (error) => this.#listener.error(error),
      },
    });
    // A relay that takes cells can be listened to: no reason to wait out a pause.
    this.outbox.watch((event) => {
      if (event.type === "settled" && event.relay === this.state.self.relay && !this.#live) this.#feed?.retryNow();
    });
    if (this.state.position !== undefined) this.outbox.open();
    this.#upkeep.schedule();
    this.#readingAgain.check();
  }

  /** Runs one change of the account: all or nothing, stored before it shows. */
  async change<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T> {
    if (this.#stopped) throw new MessengerError("closed", {});
    try {
      return await this.#writer.change(work);
    } catch (error) {
      throw asMessengerError(error);
    }
  }

  /** Runs a command: a change that a person's doing causes. Fails as the command does, and with `closed`. */
  async run<N extends CommandName>(name: N, ...given: CommandArguments<N>): Promise<CommandResult<N>> {
    const result = await this.change((tx) => runCommand(tx, name, given));
    await this.#labelled;
    return result;
  }

  /** The same for another tab or process, which may ask again under the same id (hex) when it heard no answer: it happens once. */
  async runOnce<N extends CommandName>(id: string, name: N, given: CommandArguments<N>): Promise<CommandResult<N>> {
    const result = await this.change((tx) => runOnce(tx, id, name, given));
    await this.#labelled;
    return result;
  }

  /** The client of a relay. */
  relay(relay: string = this.state.self.relay): RelayClient {
    const { clock, transport } = this.#surroundings;
    const known = this.#relays.get(relay) ?? new RelayClient({ relay, transport, clock });
    this.#relays.set(relay, known);
    return known;
  }

  /** Puts this account's list and this device's bundle into the directory. Errors of the relay, `closed`. */
  async publish(options: Cancellable = {}): Promise<void> {
    await this.#publisher.publish(options);
  }

  /** Makes a backup at the home relay. Errors of the relay, `aborted`, `closed`, `backup/too-large`, `recovery/not-here`. */
  async uploadBackup(options: BackupOptions = {}): Promise<void> {
    await this.#backups.upload(options);
  }

  /**
   * Resolves once this account has a place on its board from which it reads: before that, nobody is told where to write. Fails with
   * `relay/unreachable`, `aborted`, `closed`.
   */
  async anchored(options: Cancellable = {}): Promise<void> {
    if (this.state.position === undefined) await this.#until(() => this.state.position !== undefined, options);
  }

  /** Resolves once everything that is on the board now has been taken in. Fails as `anchored` does. */
  async caughtUp(options: Cancellable = {}): Promise<void> {
    const again = this.state.position?.again;
    if (this.#live || again !== undefined) {
      this.#live = false;
      if (again === undefined) this.#feed?.refresh();
      else this.#feed?.goBack(again);
    }
    await this.#until(() => this.#live, options);
  }

  /** Resolves once the cell at this place of the outbox is on the board, or is known to have to wait for its relay. Fails with `aborted`. */
  async settled(place: number, { signal }: Cancellable = {}): Promise<void> {
    await untilAborted<void>(signal, (resolve) => {
      const gone = (): boolean => this.state.outbox.get(String(place)) === undefined;
      const stop = this.outbox.watch((event) => {
        if (event.type === "waiting" || gone()) resolve();
      });
      if (gone()) resolve();
      return stop;
    });
  }

  /** Resolves once the outbox is empty; fails when a relay cannot be reached, with what failed a message, with `aborted`. */
  async drained({ signal }: Cancellable = {}): Promise<void> {
    await untilAborted<void>(signal, (resolve, reject) => {
      if (this.outbox.empty) resolve();
      const failed = (message: MessageRecord): void => {
        if (message.progress.state === "failed") reject(failureOf(message.progress.code));
      };
      this.#failures.add(failed);
      const stop = this.outbox.watch((event) => {
        if (event.type === "waiting" && !MessengerError.is(event.error, "relay/rate-limited", "relay/busy")) reject(event.error);
        else if (this.outbox.empty) resolve();
      });
      return () => {
        this.#failures.delete(failed);
        stop();
      };
    });
  }

  /** Tries to reach relays now. */
  retryNow(): void {
    this.#feed?.retryNow();
    this.outbox.retryNow();
  }

  /** Stops receiving and sending; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#upkeep.stop();
    this.#readingAgain.stop();
    await Promise.all([this.#feed?.stop(), this.outbox.stop(), this.#publisher.stop(), this.#backups.stop()]);
    this.#stopped = true;
    await this.#writer.idle();
    await this.#labelled;
    this.#settleWaiting(new MessengerError("closed", {}));
  }

  async #becameLive(at: BoardPosition): Promise<void> {
    await this.#writer.change(async (tx) => {
      tx.position = at;
      await this.#upkeep.caughtUp(tx);
    });
    this.#publisher.check();
    this.#backups.check();
    this.#live = true;
    this.outbox.open();
    this.outbox.retryNow();
    this.#settleWaiting();
  }

  #connected(connection: Connection): void {
    if (connection.state !== "online") this.#live = false;
    this.#listener.connection(connection);
    // A pause before the second attempt means that the first one has failed.
    const failing = connection.state === "offline" || (connection.state === "connecting" && connection.retryAt !== undefined);
    if (failing) this.#settleWaiting(new MessengerError("relay/unreachable", { relay: this.state.self.relay }));
  }

  #committed(commit: Commit): void {
    if (commit.outbox) this.outbox.kick();
    if (commit.receipts || commit.rows.has("repairs")) this.#upkeep.schedule();
    if (this.#feed !== undefined) this.#readingAgain.check();
    if (commit.self && this.#live) this.#publisher.check();
    for (const failed of this.#failures) for (const message of commit.updated) failed(message);
    if (commit.self) this.#labelled = this.#label();
    if (commit.rows.has(backupKind.table) && this.#live) this.#backups.check();
    this.#listener.committed(commit);
  }

  /** Keeps the label of the store, by which accounts are told apart without opening them, up to date. */
  async #label(): Promise<void> {
    await this.#labelled;
    const { self, store } = this.state;
    if (this.#stopped || self.name === this.#name) return;
    this.#name = self.name;
    await store.writeLabel(labelOf(self)).catch((error: unknown) => this.#listener.error(asMessengerError(error)));
  }

  async #until(reached: () => boolean, { signal }: Cancellable): Promise<void> {
    await untilAborted<void>(signal, (resolve, reject) => {
      const check = (ended?: MessengerError): boolean => {
        if (reached()) resolve();
        else if (ended !== undefined) reject(ended);
        else return false;
        return true;
      };
      this.#waiting.add(check);
      return () => void this.#waiting.delete(check);
    });
  }

  #settleWaiting(ended?: MessengerError): void {
    for (const check of [...this.#waiting]) if (check(ended)) this.#waiting.delete(check);
  }
}
