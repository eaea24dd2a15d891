// The engine: an opened account that receives and sends. Puts its parts together and passes on what they tell each other: a commit wakes the
// outbox, the feed feeds the receiver, timers send what is due. Takes a loaded state; gives one way to change it. Not a concern here: what
// apps see (client.ts).

import type { Primitives } from "@sotto/protocol";
import type { BackupOptions, Cancellable, Connection, Transport } from "../api.ts";
import type { Clock } from "../clock.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { LOAD_RETRY_MS, RELAY_GONE_MS } from "../limits.ts";
import { labelOf } from "../label.ts";
import { failureOf, type MessageRecord } from "../records/message-record.ts";
import { backupKind } from "../records/backup-record.ts";
import { healingKind } from "../records/healing-record.ts";
import { receiptKind } from "../records/receipt-record.ts";
import { repairKind } from "../records/repair-record.ts";
import { RelayClient } from "../relay/relay-client.ts";
import { later } from "../later.ts";
import type { BackupKeeper } from "./backup-keeper.ts";
import { keptBackup } from "./backup-record.ts";
import type { Boards, RelayConnections } from "./boards.ts";
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
import type { Receiving } from "./receiving.ts";
import { Routes } from "./routes.ts";
import { noticeLostSessions } from "./repair.ts";
import type { State } from "./state.ts";
import { type Commit, type Transaction, Writer } from "./transaction.ts";
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
  readonly #publisher: OnDemand<Publisher>;
  readonly #backups: OnDemand<BackupKeeper>;
  readonly #history: OnDemand<HistoryTaker>;
  readonly #relays = new Map<string, RelayClient>();
  readonly #waiting = new Set<(ended?: MessengerError) => boolean>();
  readonly #failures = new Set<(message: MessageRecord) => void>();
  readonly #routes: Routes;
  /** The name in the store's label, and the writing of it. */
  #name: string;
  #labelled: Promise<void> = Promise.resolve();
  /** Once it is loaded: no board is read before. */
  #receiving: Receiving | undefined;
  /** Ends the pause before it is tried to load again. */
  #loadAgain: (() => void) | undefined;
  #stopping = false;
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
    const relay = (origin: string): RelayClient => this.relay(origin);
    const writer = this.#writer;
    this.#publisher = new OnDemand(
      () => state.self.published,
      async () => new (await later.publishing()).Publisher(state, writer, clock, relay),
    );
    const random = (): number => surroundings.random();
    this.#routes = new Routes(() => clock.now(), random);
    this.outbox = new Outbox({ state, writer: this.#writer, clock, routes: this.#routes, relay });
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
    this.#beginReceiving();
    // A relay that takes cells can be listened to: no reason to wait out a pause.
    this.outbox.watch((event) => {
      if (event.type === "settled" && this.#boards?.isFailing(event.relay) === true) this.#boards.retryNow(event.relay);
    });
    if (this.state.positions.size > 0) this.outbox.open();
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
    if (this.#boards?.anchored !== true) await this.#until(() => this.#boards?.anchored === true, options);
  }

  /** Resolves once everything that is now on the boards that can be reached has been taken in. Fails as `anchored` does. */
  async caughtUp(options: Cancellable = {}): Promise<void> {
    if (this.state.self.removed) throw this.#ended;
    this.#boards?.refresh();
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
    if (this.#loadAgain !== undefined) this.#beginReceiving();
    this.#boards?.retryNow();
    this.outbox.retryNow();
  }

  /** Stops receiving and sending; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopping = true;
    this.#loadAgain?.();
    await Promise.all([this.#receiving?.stop(), this.outbox.stop(), this.#publisher.stop(), this.#backups.stop(), this.#history.stop()]);
    this.#stopped = true;
    await this.#writer.idle();
    await this.#labelled;
    this.#settleWaiting(this.#ended);
  }

  /** Reads boards from now on, as soon as what that takes is loaded. */
  #beginReceiving(): void {
    this.#loadAgain?.();
    this.#loadAgain = undefined;
    later.receiving().then(
      (loaded) => this.#receive(loaded),
      (error: unknown) => this.#notLoaded(asMessengerError(error)),
    );
  }

  #receive({ Receiving: Loaded }: Awaited<ReturnType<typeof later.receiving>>): void {
    if (this.#stopping || this.#receiving !== undefined) return;
    const { primitives, clock, transport } = this.#surroundings;
    this.#receiving = new Loaded({
      state: this.state,
      writer: this.#writer,
      primitives,
      clock,
      transport,
      random: () => this.#surroundings.random(),
      listener: {
        read: (relay) => this.#read(relay),
        lost: async (relay) => await this.#lost(relay),
        changed: (relay) => this.#changed(relay),
        error: (error) => this.#listener.error(error),
      },
    });
    this.#receiving.start();
  }

  /** Whoever serves the app cannot be reached, as a relay may not be: it is tried again. */
  #notLoaded(error: MessengerError): void {
    if (this.#stopping) return;
    this.#loadAgain = this.clock.after(LOAD_RETRY_MS, () => this.#beginReceiving());
    const retryAt = new Date(this.clock.now() + LOAD_RETRY_MS);
    this.#listener.connection({ state: "connecting", attempt: 1, retryAt }, new Map());
    this.#listener.error(error);
    this.#settleWaiting(error);
  }

  get #boards(): Boards | undefined {
    return this.#receiving?.boards;
  }

  /** Whether everything has been taken in that is on the boards that can be reached. */
  get #live(): boolean {
    return this.#boards?.live === true;
  }

  #read(relay: string): void {
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
    if (boards === undefined) return;
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
    if (!this.#live || this.clock.now() - since < RELAY_GONE_MS) return;
    if (![...this.state.kept.values()].some((cell) => cell.relay === relay)) return;
    const works = (relays: readonly string[]): boolean => relays.some((other) => other !== relay && !this.#routes.isFailing(other));
    this.#writer.change((tx) => pinAgain(tx, relay, works)).catch((error: unknown) => this.#listener.error(asMessengerError(error)));
  }

  #committed(commit: Commit): void {
    if (commit.outbox || commit.self || commit.contacts.size > 0) this.outbox.kick();
    const due = [receiptKind, repairKind, healingKind].some(({ table }) => commit.rows.has(table));
    this.#receiving?.committed({ relays: commit.self, due });
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
