// An account's engine as public objects use it, however many tabs and processes have the account open: one of them, whoever holds the storage's
// lock, runs the engine; the others follow it and ask it. When it goes, the next in line takes over, and what was asked is asked again. Takes an
// open store. Not a concern here: what engines do, what is said on the channel.

import type { Primitives } from "@sotto/protocol";
import type { BackupOptions, Cancellable, Connection, StorageChannel } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { RelayConnections } from "../engine/boards.ts";
import type { CommandArguments, CommandName, CommandResult } from "../engine/commands.ts";
import { Engine, type EngineListener, type Surroundings } from "../engine/engine.ts";
import { hex } from "../engine/hex.ts";
import { toldRelays } from "../engine/own-relays.ts";
import { State } from "../engine/state.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import { later } from "../later.ts";
import { GREETING } from "../limits.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { BoardPosition } from "../relay/feed.ts";
import { RelayClient } from "../relay/relay-client.ts";
import type { SealedStore } from "../storage/sealed-store.ts";
import type { Asked } from "./asked.ts";
import type { ChannelMessage } from "./channel-message.ts";
import type { Desk } from "./desk.ts";
import type { Reader } from "./reader.ts";
import { type Call, carryOut } from "./work.ts";

/** What talking with others takes. */
type Company = Awaited<ReturnType<typeof later.company>>;

/** What public objects tell and are told. */
export interface SharedListener extends EngineListener {
  /** Messages that somebody holds: when the account is loaded anew, it is told which of them have changed. */
  held(): Iterable<MessageRecord>;
  /** The account is erased from this device, from another tab or process. */
  erased(): void;
}

/** The engine of an account, here or elsewhere. */
export class SharedEngine {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly #store: SealedStore;
  readonly #surroundings: Surroundings;
  readonly #listener: SharedListener;
  readonly #relays = new Map<string, RelayClient>();
  readonly #started = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #state: State | undefined;
  /** Ends when the state is what was loaded last. */
  #showing: Promise<void> = Promise.resolve();
  #connection: Connection = { state: "connecting", attempt: 1 };
  #connections: RelayConnections = new Map();
  #channel: StorageChannel | undefined;
  #company: Company | undefined;
  /** What others said before it could be read. */
  #unread: Uint8Array[] = [];
  /** Whether there is or was anybody else. */
  #accompanied = false;
  #asked: Asked | undefined;
  #reader: Reader | undefined;
  #desk: Desk | undefined;
  #engine: Engine | undefined;

  private constructor(store: SealedStore, surroundings: Surroundings, listener: SharedListener) {
    this.primitives = surroundings.primitives;
    this.clock = surroundings.clock;
    this.#store = store;
    this.#surroundings = surroundings;
    this.#listener = listener;
  }

  /**
   * Loads the account; nothing is shown, sent or received before `start`. Fails with `storage/locked` when it is open elsewhere and cannot be
   * shared, with `storage/corrupt`.
   */
  static async open(store: SealedStore, surroundings: Surroundings, listener: SharedListener): Promise<SharedEngine> {
    const shared = new SharedEngine(store, surroundings, listener);
    try {
      await shared.#open();
      return shared;
    } catch (error) {
      await shared.stop();
      throw error;
    }
  }

  /** What is shown of the account; another object after it was loaded anew. */
  get state(): State {
    return this.#state as State;
  }

  /** Begins to receive and to send, or to follow who does. */
  start(): void {
    this.#started.resolve();
  }

  /** Runs a command: a change that a person's doing causes. Fails as the command does, and with `closed`. */
  async run<N extends CommandName>(name: N, ...given: CommandArguments<N>): Promise<CommandResult<N>> {
    return (await this.#do({ name, given: given as readonly unknown[] })) as CommandResult<N>;
  }

  /** The client of a relay. */
  relay(relay: string = toldRelays(this.state.self)[0] as string): RelayClient {
    if (this.#engine !== undefined) return this.#engine.relay(relay);
    const { clock, transport } = this.#surroundings;
    const known = this.#relays.get(relay) ?? new RelayClient({ relay, transport, clock });
    this.#relays.set(relay, known);
    return known;
  }

  /** Where a relay's board ends now. `relay/unreachable`, what else the relay may say, `aborted`. */
  async boardEnd(relay: string, options: Cancellable = {}): Promise<BoardPosition> {
    const { clock, transport } = this.#surroundings;
    const { findBoardEnd } = await later.findingEnds();
    return await findBoardEnd({ relay, clock, transport }, options);
  }

  /** What is known of the connection to one of the account's relays. */
  connectionTo(relay: string): Connection | undefined {
    return this.#connections.get(relay);
  }

  /** As `Engine.publish`. */
  async publish(options: Cancellable = {}): Promise<void> {
    await this.#do({ name: "publish", given: [] }, options);
  }

  /** As `Engine.anchored`. */
  async anchored(options: Cancellable = {}): Promise<void> {
    await this.#do({ name: "anchored", given: [] }, options);
  }

  /** As `Engine.caughtUp`. */
  async caughtUp(options: Cancellable = {}): Promise<void> {
    await this.#do({ name: "caughtUp", given: [] }, options);
  }

  /** As `Engine.settled`. */
  async settled(place: number, options: Cancellable = {}): Promise<void> {
    await this.#do({ name: "settled", given: [place] }, options);
  }

  /** As `Engine.drained`. */
  async drained(options: Cancellable = {}): Promise<void> {
    await this.#do({ name: "drained", given: [] }, options);
  }

  /** As `Engine.uploadBackup`; how far it is is told to nobody where the account is held elsewhere. */
  async uploadBackup({ onProgress, ...options }: BackupOptions = {}): Promise<void> {
    if (this.#engine !== undefined && onProgress !== undefined) await this.#engine.uploadBackup({ ...options, onProgress });
    else await this.#do({ name: "uploadBackup", given: [] }, options);
  }

  /** Tells the app of something that went wrong beside what was asked. */
  report(error: MessengerError): void {
    this.#listener.error(error);
  }

  /** As `Engine.retryNow`. */
  retryNow(): void {
    this.#do({ name: "retryNow", given: [] }).catch(() => undefined);
  }

  /** Stops whatever is under way here; resolves when it has ended. Others go on. */
  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#reader?.stop();
    this.#desk?.close();
    this.#asked?.close();
    await this.#engine?.stop();
    await this.#channel?.close();
  }

  /** Erases the account from this device, wherever it is open, and closes the store. `storage/locked` when who writes does not let go of it. */
  async erase(): Promise<void> {
    if (this.#channel !== undefined) await this.#meet().catch(() => undefined);
    this.#post({ type: "erased" });
    await this.stop();
    if (!this.#store.locked) await this.#inherit();
    await this.#store.erase();
  }

  async #open(): Promise<void> {
    if (!this.#store.locked) {
      await this.#store.lock().catch((error: unknown) => {
        if (!this.#store.shareable || !MessengerError.is(error, "storage/locked")) throw error;
      });
    }
    this.#channel = await this.#store.channel({
      received: (message) => this.#received(message),
      connected: () => this.#reader?.greet(),
    });
    if (this.#store.locked) await this.#write();
    else await this.#read(await this.#meet());
  }

  /** Loads what talking with others takes, and reads what they have said so far. */
  async #meet(): Promise<Company> {
    const company = await later.company();
    if (this.#company === undefined) {
      this.#company = company;
      this.#serve();
      for (const bytes of this.#unread.splice(0)) this.#hear(company, bytes);
    }
    return company;
  }

  /** Takes the lock as soon as its holder has let go of it. */
  async #inherit(): Promise<void> {
    const patience = new AbortController();
    const heard = this.clock.after(GREETING.mostMs, () => patience.abort());
    try {
      await this.#store.lock({ wait: patience.signal });
    } catch (error) {
      throw patience.signal.aborted ? new MessengerError("storage/locked", {}) : error;
    } finally {
      heard();
    }
  }

  /** Follows who holds the lock until it is this one's turn. */
  async #read({ Asked, Reader }: Company): Promise<void> {
    const asked = new Asked(this.primitives);
    this.#asked = asked;
    this.#accompanied = true;
    const first = Promise.withResolvers<void>();
    const patience = this.clock.after(GREETING.mostMs, () => first.reject(new MessengerError("storage/locked", {})));
    this.#reader = new Reader({
      clock: this.clock,
      load: async () => await State.loadShown(this.#store, this.primitives),
      post: (message) => this.#post(message),
      loaded: async (state) => {
        const again = this.#state !== undefined;
        if (again) await this.#show(state);
        else this.#state = state;
        first.resolve();
        // What is shown is built from this state: until that is done, it stays as it is.
        await this.#started.promise;
      },
      committed: (commit) => this.#listener.committed(commit),
      connection: (connection, relays) => this.#connected(connection, relays),
      error: (error) => this.#listener.error(error),
      following: () => asked.all.forEach((call) => this.#put(call)),
    });
    this.#reader.greet();
    this.#store
      .lock({ wait: this.#stop.signal })
      .then(async () => await this.#takeOver(asked))
      .then(first.resolve)
      .catch(async (error: unknown) => {
        first.reject(error);
        if (!this.#stop.signal.aborted) await this.#failed(asMessengerError(error));
      });
    try {
      await first.promise;
    } finally {
      patience();
    }
  }

  /** The writer is gone, and the lock is here. */
  async #takeOver(asked: Asked): Promise<void> {
    if (this.#stop.signal.aborted) return;
    // Who has begun to show one state finishes that first.
    if (this.#state !== undefined) await this.#started.promise;
    this.#reader?.stop();
    await this.#write();
    const engine = this.#engine as Engine;
    for (const { id, signal, resolve, reject, ...call } of asked.all) {
      carryOut(engine, call, signal === undefined ? {} : { signal }, id).then(resolve, reject);
    }
  }

  /** Runs the engine here. */
  async #write(): Promise<void> {
    const state = await State.load(this.#store, this.primitives);
    if (this.#state === undefined) this.#state = state;
    else await this.#show(state);
    const engine = await Engine.open(state, this.#surroundings, {
      committed: (commit) => {
        this.#desk?.committed(commit, state);
        this.#listener.committed(commit);
      },
      connection: (connection, relays) => {
        this.#desk?.connected(connection, relays);
        this.#connected(connection, relays);
      },
      error: (error) => {
        this.#desk?.complained(error);
        this.#listener.error(error);
      },
    });
    this.#reader = undefined;
    this.#engine = engine;
    if (this.#stop.signal.aborted) return await engine.stop();
    this.#serve();
    void this.#begin(engine);
  }

  /** Answers others from now on, once both the engine and what talking takes are here. */
  #serve(): void {
    const [engine, company] = [this.#engine, this.#company];
    if (engine === undefined || company === undefined || this.#stop.signal.aborted) return;
    this.#desk = new company.Desk({
      engine,
      writer: hex(this.primitives.randomBytes(16)),
      connection: this.#connection,
      relays: this.#connections,
      visited: this.#accompanied,
      post: (message) => this.#post(message),
    });
  }

  /** Once what is shown is built. Others who follow nobody wait to hear that this is the writer now. */
  async #begin(engine: Engine): Promise<void> {
    await this.#started.promise;
    if (this.#stop.signal.aborted) return;
    engine.start();
    // What cannot be loaded now is loaded when somebody speaks.
    if (this.#channel !== undefined) await this.#meet().catch(() => undefined);
  }

  /** Replaces the state, and shows what is different. */
  #show(state: State): Promise<void> {
    const run = async (): Promise<void> => {
      const { differenceOf } = this.#company as Company;
      const difference = await differenceOf(this.state, state, this.#listener.held());
      this.#state = state;
      this.#listener.committed(difference);
    };
    this.#showing = this.#showing.then(run, run);
    return this.#showing;
  }

  async #do(call: Call, options: Cancellable = {}): Promise<unknown> {
    if (this.#engine !== undefined) return await carryOut(this.#engine, call, options);
    return await (this.#asked as Asked).ask(
      call,
      options,
      (asked) => {
        if (this.#reader?.following === true) this.#put(asked);
      },
      (id) => this.#post({ type: "cancel", id }),
    );
  }

  #put({ id, name, given }: Call & { readonly id: string }): void {
    this.#post({ type: "call", id, name, given });
  }

  #post(message: ChannelMessage): void {
    if (this.#company !== undefined) this.#channel?.post(this.#company.encodeMessage(message));
  }

  #received(bytes: Uint8Array): void {
    this.#accompanied = true;
    if (this.#company !== undefined) return this.#hear(this.#company, bytes);
    this.#unread.push(bytes);
    // Whoever waits for an answer asks again.
    this.#meet().catch(() => void (this.#unread = []));
  }

  #hear({ decodeMessage }: Company, bytes: Uint8Array): void {
    if (this.#stop.signal.aborted) return;
    let message: ChannelMessage;
    try {
      message = decodeMessage(bytes);
    } catch (error) {
      this.#listener.error(asMessengerError(error));
      return;
    }
    this.#desk?.received(message);
    this.#reader?.received(message);
    // An answer that comes while the account is loaded may tell of what is not shown yet: it is asked for again, and given again.
    if (this.#reader?.following === true) {
      if (message.type === "result") this.#asked?.succeeded(message.id, message.result);
      if (message.type === "failure") this.#asked?.failed(message.id, message.error);
    }
    if (message.type === "erased") this.#listener.erased();
  }

  #connected(connection: Connection, relays: RelayConnections): void {
    [this.#connection, this.#connections] = [connection, relays];
    this.#listener.connection(connection, relays);
  }

  /** It was this one's turn to write, and it cannot: the next one may. */
  async #failed(error: MessengerError): Promise<void> {
    if (MessengerError.is(error, "account/not-found")) {
      this.#listener.erased();
      return;
    }
    this.#listener.error(error);
    await this.stop();
    await this.#store.close();
  }
}
