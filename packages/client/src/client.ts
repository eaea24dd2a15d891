// The client: one opened account as apps see it. Puts public objects and engine together and turns commits into events. Not a concern here:
// what any of the parts does.

import { refuseAborted } from "./aborted.ts";
import type { AccountId, Cancellable, Client, ClientEvents, ClientOptions, Connection, Message, MessagesOptions, Profile } from "./api.ts";
import { BackupBook } from "./backups.ts";
import { ContactBook } from "./contacts.ts";
import { ConversationBook } from "./conversations.ts";
import { DeviceBook } from "./devices.ts";
import { Emitter } from "./emitter.ts";
import type { Commit } from "./engine/transaction.ts";
import { asMessengerError } from "./error-mapping.ts";
import { MessengerError } from "./errors.ts";
import { InviteBook } from "./invites.ts";
import { LiveValue } from "./live.ts";
import { MessageBook, placeAfter } from "./messages.ts";
import { streamMessages } from "./messages-stream.ts";
import { checkName } from "./names.ts";
import type { Platform } from "./platform.ts";
import { AddressBook } from "./public-address.ts";
import { RecoveryPhrase } from "./recovery.ts";
import { chance } from "./relay/backoff.ts";
import { RelayBook } from "./relays.ts";
import { SharedEngine } from "./sharing/shared-engine.ts";
import type { SealedStore } from "./storage/sealed-store.ts";
import { Views } from "./views.ts";

/** What `SottoClient.start` needs beside the state. */
export interface ClientSetting {
  readonly platform: Platform;
  /** As it was opened: `relay` only if others than those that the account has were asked for. */
  readonly options: Partial<ClientOptions>;
  readonly deviceName: string;
}

/** An opened account. */
export class SottoClient implements Client {
  readonly id: AccountId;
  readonly profile: LiveValue<Profile>;
  readonly connection = new LiveValue<Connection>({ state: "connecting", attempt: 1 });
  readonly conversations: ConversationBook;
  readonly contacts: ContactBook;
  readonly invites: InviteBook;
  readonly address: AddressBook;
  readonly devices: DeviceBook;
  readonly relays: RelayBook;
  readonly recovery: RecoveryPhrase;
  readonly backups: BackupBook;
  readonly #views: Views;
  readonly #store: SealedStore;
  #closing: Promise<void> | undefined;

  private constructor(views: Views, store: SealedStore, setting: ClientSetting) {
    const { state } = views.engine;
    this.#views = views;
    this.#store = store;
    this.id = state.self.id;
    this.profile = new LiveValue<Profile>({ name: state.self.name }, (a, b) => a.name === b.name);
    this.contacts = views.contacts = new ContactBook(views);
    views.messages = new MessageBook(views);
    this.conversations = views.conversations = new ConversationBook(views);
    this.invites = new InviteBook(views);
    this.address = new AddressBook(views);
    this.relays = new RelayBook(views);
    this.recovery = new RecoveryPhrase(views, setting.options.unlock);
    this.backups = new BackupBook(views);
    this.devices = new DeviceBook(views, this.recovery, setting);
  }

  /** Loads the account of a store and begins to receive and send, or to follow who does. */
  static async start(store: SealedStore, setting: ClientSetting): Promise<SottoClient> {
    const { primitives, clock } = setting.platform;
    const transport = setting.options.transport ?? setting.platform.transport;
    const events = new Emitter();
    // The engine's first commit comes before there is a client to show it.
    const shown: { client?: SottoClient } = {};
    const surroundings = { primitives, clock, transport, random: () => chance(primitives) };
    const engine = await SharedEngine.open(store, surroundings, {
      committed(commit) {
        if (shown.client !== undefined) shown.client.#committed(commit);
      },
      connection(connection) {
        if (shown.client !== undefined) shown.client.#connected(connection);
      },
      error: (error) => events.emit("error", error),
      held: () => (shown.client === undefined ? [] : shown.client.#views.messages.held()),
      erased() {
        if (shown.client !== undefined) shown.client.#erased();
      },
    });
    const { logger } = setting.options;
    // Codes and our own sentences: no text, name, key or id of anybody is in an error.
    events.on("error", ({ code, blame, message }) => logger?.warn(message, { code, blame }));
    const client = new SottoClient(new Views(engine, events), store, setting);
    shown.client = client;
    try {
      await client.conversations.load();
      await client.invites.load();
    } catch (error) {
      await engine.stop();
      throw error;
    }
    engine.start();
    client.relays.start(setting.options.relay);
    return client;
  }

  messages({ after, self = false, signal }: MessagesOptions = {}): AsyncIterableIterator<Message> {
    const { commits, engine, messages, ownId } = this.#views;
    const log = engine.state.messages;
    return streamMessages(
      {
        commits,
        from: (place) => log.from(place),
        includes: ({ author }) => self || author !== ownId,
        show: (record) => messages.show(record),
      },
      after === undefined ? this.#views.openedAt : placeAfter(after),
      signal,
    );
  }

  on<E extends keyof ClientEvents>(event: E, listener: (value: ClientEvents[E]) => void, options: Cancellable = {}): () => void {
    return this.#views.events.on(event, listener, options);
  }

  async updateProfile({ name }: Partial<Profile>, { signal }: Cancellable = {}): Promise<void> {
    refuseAborted(signal);
    if (name === undefined) return;
    checkName(name);
    await this.#views.engine.run("rename", name);
  }

  async sync(options: Cancellable = {}): Promise<void> {
    const { engine } = this.#views;
    engine.retryNow();
    await engine.caughtUp(options);
    await engine.drained(options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async erase({ confirm }: { confirm: AccountId }): Promise<void> {
    if (confirm !== this.id) throw new MessengerError("argument/invalid", { reason: "`confirm` is not this account's id" });
    this.#rest();
    await this.#views.engine.erase();
    this.#ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#stop();
    await this.#store.close();
  }

  async #stop(): Promise<void> {
    this.#rest();
    await this.#views.engine.stop();
    this.#ended();
  }

  /** What this client does by itself comes to an end. */
  #rest(): void {
    this.backups.close();
    this.relays.stop();
  }

  /** Nothing changes any more. */
  #ended(): void {
    this.#views.messages.close();
    this.#views.commits.close();
  }

  /** Another tab or process has erased the account. */
  #erased(): void {
    void this.close().finally(() => this.#connected({ state: "blocked", reason: "erased" }));
  }

  /** Shows a commit to everybody. What an app's listener throws is reported, and keeps nothing from going on. */
  #committed(commit: Commit): void {
    const { contacts, conversations, messages, events, commits, engine } = this.#views;
    const steps = [
      () => contacts.refresh(commit),
      () => conversations.refresh(commit),
      () => this.profile.set({ name: engine.state.self.name }),
      () => this.invites.refresh(commit),
      () => this.address.refresh(commit),
      () => this.devices.refresh(commit),
      () => this.relays.refresh(),
      () => this.recovery.refresh(commit),
      () => this.backups.refresh(commit),
      () => messages.refresh(commit),
    ];
    for (const step of steps) {
      try {
        step();
      } catch (error) {
        events.emit("error", asMessengerError(error));
      }
    }
    for (const happening of commit.happenings) {
      if (happening.type === "error") events.emit("error", happening.error);
      if (happening.type === "removed") {
        this.#connected({ state: "blocked", reason: "removed" });
        this.relays.stop();
        void engine.stop();
      }
    }
    commits.wake();
  }

  /** A removed device has no other state any more. */
  #connected(reported: Connection): void {
    const connection: Connection = this.#views.engine.state.self.removed ? { state: "blocked", reason: "removed" } : reported;
    // With several relays, what became known may be of another one than the best.
    const same = connection === this.connection.get();
    try {
      this.relays.refresh();
      this.connection.set(connection);
    } catch (error) {
      this.#views.events.emit("error", asMessengerError(error));
    }
    if (!same) this.#views.events.emit("connection", connection);
  }
}
