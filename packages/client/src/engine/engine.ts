// The engine: an opened account that receives and sends. Puts its parts together and passes on what they tell each other: a commit wakes the
// outbox, the feed feeds the receiver, timers send what is due. Takes a loaded state; gives one way to change it. Not a concern here: what
// apps see (client.ts).

import type { Primitives } from "@sotto/protocol";
import type { BackupOptions, Cancellable, Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { RELAY_GONE_MS } from "../limits.ts";
import { labelOf } from "../label.ts";
import { failureOf, type MessageRecord } from "../records/message-record.ts";
import { backupKind } from "../records/backup-record.ts";
import { healingKind } from "../records/healing-record.ts";
import { receiptKind } from "../records/receipt-record.ts";
import { repairKind } from "../records/repair-record.ts";
import type { BoardPosition } from "../relay/feed.ts";
import { RelayClient } from "../relay/relay-client.ts";
import { later } from "../later.ts";
import type { BackupKeeper } from "./backup-keeper.ts";
import { keptBackup } from "./backup-record.ts";
import { Boards, type RelayConnections } from "./boards.ts";
import { runOnce } from "./calls.ts";
import { type CommandArguments, type CommandName, type CommandResult, runCommand } from "./commands.ts";
import { watchEverything } from "./lanes.ts";
import type { HistoryTaker } from "./history-taker.ts";
import { pinAgain } from "./kept-cells.ts";
import { OnDemand } from "./on-demand.ts";
import { Outbox } from "./outbox.ts";
import { renewBundle } from "./own-prekeys.ts";
import { toldRelays, relaysOfOwnDevices } from "./own-relays.ts";
import type { Publisher } from "./publisher.ts";
import { ReadingAgain } from "./reading-again.ts";
import { Receiver, reportAllMissing } from "./receive.ts";
import { relayFound } from "./relay-moves.ts";
import { Routes } from "./routes.ts";
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
  /** The best of the connections to the account's relays, and each of them. */
  connection(connection: Connection, relays: RelayConnections): void;
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
  readonly #publisher: OnDemand<Publisher>;
  readonly #readingAgain: ReadingAgain;
  readonly #backups: OnDemand<BackupKeeper>;
  readonly #history: OnDemand<HistoryTaker>;
  readonly #relays = new Map<string, RelayClient>();
  readonly #waiting = new Set<(ended?: MessengerError) => boolean>();
  readonly #failures = new Set<(message: MessageRecord) => void>();
  readonly #boards: Boards;
  readonly #routes: Routes;
  /** The name in the store's label, and the writing of it. */
  #name: string;
  #labelled: Promise<void> = Promise.resolve();
  #started = false;
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
    const writer = this.#writer;
    this.#publisher = new OnDemand(
      () => state.self.published,
      async () => new (await later.publishing()).Publisher(state, writer, clock, relay),
    );
    const random = (): number => surroundings.random();
    this.#routes = new Routes(() => clock.now(), random);
    this.outbox = new Outbox({ state, writer: this.#writer, clock, routes: this.#routes, relay });
    this.#boards = new Boards({
      state,
      transport: surroundings.transport,
      clock,
      random,
      listener: {
        cells: async (from, cells, after) => await this.#receiver.receive(from, cells, after),
        read: async (from, at) => await this.#read(from, at),
        expired: () => void this.#writer.change(widenSessions).catch((error: unknown) => listener.error(asMessengerError(error))),
        lost: (from) => void this.#lost(from).catch((error: unknown) => listener.error(asMessengerError(error))),
        changed: (which) => this.#changed(which),
        error: (error) => listener.error(asMessengerError(error)),
      },
    });
    this.#readingAgain = new ReadingAgain(state, clock, (from, cursor) => this.#boards.goBack(from, cursor));
    const setting = { state, writer, primitives, clock, relay };
    this.#backups = new OnDemand(
      () => keptBackup(state).every !== null,
      async () => new (await later.keepingBackups()).BackupKeeper(setting),
    );
    this.#history = new OnDemand(
      () => state.self.history.left !== null,
      async () => new (await later.takingHistory()).HistoryTaker({ ...setting, relays: () => relaysOfOwnDevices(state.self) }),
    );
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
      this.#listener.connection({ state: "blocked", reason: "removed" }, new Map());
      return;
    }
    this.#started = true;
    this.#boards.follow();
    // A relay that takes cells can be listened to: no reason to wait out a pause.
    this.outbox.watch((event) => {
      if (event.type === "settled" && this.#boards.isFailing(event.relay)) this.#boards.retryNow(event.relay);
    });
    if (this.state.positions.size > 0) this.outbox.open();
    this.#upkeep.schedule();
    this.#readingAgain.check();
  }

  /** Runs one change of the account: all or nothing, stored before it shows. */
  async change<T>(work: (tx: Transaction) => T | Promise<T>): Promise<T> {
    if (this.#stopped) throw this.#ended;
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

  /** The client of a relay; without an address: of the account's home. */
  relay(address: string = toldRelays(this.state.self)[0] as string): RelayClient {
    const { clock, transport } = this.#surroundings;
    const known = this.#relays.get(address) ?? new RelayClient({ relay: address, transport, clock });
    this.#relays.set(address, known);
    return known;
  }

  /** Puts this account's list and this device's bundle into the directory. Errors of the relay, `closed`. */
  async publish(options: Cancellable = {}): Promise<void> {
    await (await this.#publisher.get()).publish(options);
  }

  /** Makes a backup at the home relay. Errors of the relay, `aborted`, `closed`, `backup/too-large`, `recovery/not-here`. */
  async uploadBackup(options: BackupOptions = {}): Promise<void> {
    await (await this.#backups.get()).upload(options);
  }

  /**
   * Resolves once this account has a place on a board from which it reads, and has tried to find one on each other board: before that, nobody
   * is told where to write. Fails with `relay/unreachable`, `aborted`, `closed`.
   */
  async anchored(options: Cancellable = {}): Promise<void> {
    if (this.state.self.removed) throw this.#ended;
    if (!this.#boards.anchored) await this.#until(() => this.#boards.anchored, options);
  }

  /** Resolves once everything that is now on the boards that can be reached has been taken in. Fails as `anchored` does. */
  async caughtUp(options: Cancellable = {}): Promise<void> {
    if (this.state.self.removed) throw this.#ended;
    this.#boards.refresh();
    await this.#until(() => this.#boards.live, options);
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
    this.#boards.retryNow();
    this.outbox.retryNow();
  }

  /** Stops receiving and sending; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#upkeep.stop();
    this.#readingAgain.stop();
    await Promise.all([this.#boards.stop(), this.outbox.stop(), this.#publisher.stop(), this.#backups.stop(), this.#history.stop()]);
    this.#stopped = true;
    await this.#writer.idle();
    await this.#labelled;
    this.#settleWaiting(this.#ended);
  }

  async #read(relay: string, at: BoardPosition): Promise<void> {
    await this.#writer.change(async (tx) => {
      tx.boardRead(relay, at);
      relayFound(tx, relay, at);
      const all = this.#boards.allLiveWith(relay);
      if (all) reportAllMissing(tx);
      await this.#upkeep.caughtUp(tx, all);
    });
    this.#routes.works(relay);
    this.#publisher.check();
    this.#backups.check();
    this.#history.check();
  }

  /** What a relay kept beside its board is gone too. */
  async #lost(relay: string): Promise<void> {
    await this.#writer.change((tx) => {
      const { [relay]: _, ...publishedAt } = tx.self.publishedAt;
      tx.changeSelf({ publishedAt });
      // It would count through the same one-time prekeys again.
      if (toldRelays(tx.self)[0] === relay) renewBundle(tx);
      pinAgain(tx, relay, () => true);
    });
  }

  /** Something is known of a relay that was not known before. */
  #changed(relay: string): void {
    const boards = this.#boards;
    if (boards.isFailing(relay)) this.#routes.suspect(relay);
    this.#listener.connection(boards.connection, boards.connections);
    // Nothing leaves before this device has begun to read.
    if (boards.anchored && this.state.positions.size > 0) this.outbox.open();
    if (boards.isLive(relay)) this.outbox.retryNow();
    if (boards.isFailing(relay)) this.#pinAgainIfGone(relay);
    if (this.state.self.removed) this.#settleWaiting(this.#ended);
    else this.#settleWaiting(boards.failing ? new MessengerError("relay/unreachable", { relay }) : undefined);
  }

  /** A relay that has been away for long while others are there may never come back. */
  #pinAgainIfGone(relay: string): void {
    const since = this.#routes.failingSince(relay) ?? Infinity;
    if (!this.#boards.live || this.clock.now() - since < RELAY_GONE_MS) return;
    if (![...this.state.kept.values()].some((cell) => cell.relay === relay)) return;
    const works = (relays: readonly string[]): boolean => relays.some((other) => other !== relay && !this.#routes.isFailing(other));
    this.#writer.change((tx) => pinAgain(tx, relay, works)).catch((error: unknown) => this.#listener.error(asMessengerError(error)));
  }

  #committed(commit: Commit): void {
    if (commit.outbox || commit.self || commit.contacts.size > 0) this.outbox.kick();
    if ([receiptKind, repairKind, healingKind].some(({ table }) => commit.rows.has(table))) this.#upkeep.schedule();
    if (commit.self && this.#started) this.#boards.follow();
    if (this.#started) this.#readingAgain.check();
    if (commit.self && this.#boards.live) this.#publisher.check();
    for (const failed of this.#failures) for (const message of commit.updated) failed(message);
    if (commit.self) this.#labelled = this.#label();
    if (commit.rows.has(backupKind.table) && this.#boards.live) this.#backups.check();
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

  /** Why nothing goes on here. */
  get #ended(): MessengerError {
    return this.state.self.removed ? new MessengerError("device/removed", {}) : new MessengerError("closed", {});
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
