// The side of the channel that reads along: loads what is shown of the account, follows each commit of the writer, and notices when it has
// missed one or the writer is another: then it loads anew. Takes messages as they come; gives states and commits. Not a concern here: asking
// for things (asked.ts), becoming the writer.

import type { Connection } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { RelayConnections } from "../engine/boards.ts";
import type { State } from "../engine/state.ts";
import type { Commit } from "../engine/transaction.ts";
import { asMessengerError } from "../error-mapping.ts";
import type { MessengerError } from "../errors.ts";
import { GREETING, MAX_QUEUED_COMMITS } from "../limits.ts";
import type { ChannelMessage } from "./channel-message.ts";
import { applyMessage } from "./commit-message.ts";

/** What a reader needs and tells. */
export interface ReaderContext {
  readonly clock: Clock;
  load(): Promise<State>;
  post(message: ChannelMessage): void;
  /** The account as it stands, read from the store. */
  loaded(state: State): Promise<void>;
  committed(commit: Commit): void;
  connection(connection: Connection, relays: RelayConnections): void;
  error(error: MessengerError): void;
  /** Everything is as the writer has it: it can be asked. */
  following(): void;
}

type CommitMessage = Extract<ChannelMessage, { type: "commit" }>;
type Welcome = Extract<ChannelMessage, { type: "welcome" }>;

/** Follows a writer. */
export class Reader {
  readonly #context: ReaderContext;
  /** The writer that is followed and its newest commit that is in the state. */
  #followed: { readonly writer: string; commits: number } | undefined;
  #state: State | undefined;
  /** Commits that came while there was no state to apply them to. */
  #queue: CommitMessage[] = [];
  #phase: "greeting" | "loading" | "following" | "stopped" = "greeting";
  #cancelGreeting: () => void = () => undefined;

  constructor(context: ReaderContext) {
    this.#context = context;
  }

  /** Whether the state is what the writer has committed. */
  get following(): boolean {
    return this.#phase === "following";
  }

  /** Asks who writes; again until somebody says so. */
  greet(): void {
    if (this.#phase === "stopped") return;
    this.#cancelGreeting();
    this.#phase = "greeting";
    this.#context.post({ type: "hello" });
    this.#cancelGreeting = this.#context.clock.after(GREETING.everyMs, () => this.greet());
  }

  stop(): void {
    this.#cancelGreeting();
    this.#phase = "stopped";
  }

  received(message: ChannelMessage): void {
    if (this.#phase === "stopped") return;
    if (message.type === "welcome") this.#welcomed(message);
    else if (message.type === "commit") this.#committed(message);
    else if ("writer" in message && message.writer === this.#followed?.writer) {
      if (message.type === "connection") this.#context.connection(message.connection, message.relays);
      if (message.type === "error") this.#context.error(message.error);
    }
  }

  #welcomed({ writer, commits, connection, relays }: Welcome): void {
    const followed = this.#followed;
    if (this.#phase === "loading" && followed?.writer === writer) return;
    this.#cancelGreeting();
    const missedNothing = this.#state !== undefined && followed?.writer === writer && followed.commits === commits;
    this.#context.connection(connection, relays);
    if (missedNothing && this.#phase !== "loading") {
      this.#phase = "following";
      this.#context.following();
      return;
    }
    // What is stored holds at least so many commits; later ones that it holds already do no harm when they come again.
    this.#followed = { writer, commits };
    this.#queue = this.#queue.filter((queued) => queued.writer === writer && queued.number > commits);
    this.#phase = "loading";
    void this.#load(writer);
  }

  async #load(writer: string): Promise<void> {
    const current = (): boolean => this.#phase === "loading" && this.#followed?.writer === writer;
    try {
      const state = await this.#context.load();
      if (!current()) return;
      await this.#context.loaded(state);
      if (!current()) return;
      this.#state = state;
    } catch (error) {
      if (!current()) return;
      this.#context.error(asMessengerError(error));
      this.#phase = "greeting";
      this.#cancelGreeting = this.#context.clock.after(GREETING.everyMs, () => this.greet());
      return;
    }
    this.#phase = "following";
    for (const queued of this.#queue.splice(0)) this.#committed(queued);
    if (this.following) this.#context.following();
  }

  #committed(message: CommitMessage): void {
    const followed = this.#followed;
    if (this.#phase !== "following") {
      // Too many: they are found in the store when it is loaded next.
      if (this.#queue.length >= MAX_QUEUED_COMMITS) this.#queue = [];
      this.#queue.push(message);
      return;
    }
    if (this.#state === undefined || followed?.writer !== message.writer || message.number > followed.commits + 1) return this.greet();
    if (message.number <= followed.commits) return;
    followed.commits = message.number;
    try {
      this.#context.committed(applyMessage(this.#state, message.inside));
    } catch (error) {
      this.#context.error(asMessengerError(error));
      this.#followed = undefined;
      this.greet();
    }
  }
}
