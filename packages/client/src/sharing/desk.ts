// The writer's side of the channel: tells the other tabs and processes of the account what it commits, and does what they ask. Takes the
// engine; posts messages. Not a concern here: becoming the writer, the others' side (reader.ts).

import type { Connection } from "../api.ts";
import type { RelayConnections } from "../engine/boards.ts";
import type { Engine } from "../engine/engine.ts";
import type { State } from "../engine/state.ts";
import type { Commit } from "../engine/transaction.ts";
import { asMessengerError } from "../error-mapping.ts";
import { MessengerError } from "../errors.ts";
import type { ChannelMessage } from "./channel-message.ts";
import { messageOf } from "./commit-message.ts";
import { carryOut, type Call } from "./work.ts";

/** What a desk needs and tells. */
export interface DeskContext {
  readonly engine: Engine;
  /** 16 random bytes in hex: tells this writer from the one before. */
  readonly writer: string;
  readonly connection: Connection;
  readonly relays: RelayConnections;
  /** Whether there may be anybody to tell: others who followed the writer before this one are told before they ask. */
  readonly visited: boolean;
  post(message: ChannelMessage): void;
}

/** What others are told and asked from. */
export class Desk {
  readonly #writer: string;
  readonly #post: (message: ChannelMessage) => void;
  readonly #active = new Map<string, AbortController>();
  #commits = 0;
  #visited: boolean;
  #connection: Connection;
  #relays: RelayConnections;
  #engine: Engine | undefined;

  /** Says that this is the writer now; from here on it can be asked. */
  constructor({ engine, writer, connection, relays, visited, post }: DeskContext) {
    this.#engine = engine;
    this.#writer = writer;
    this.#connection = connection;
    this.#relays = relays;
    this.#visited = visited;
    this.#post = post;
    this.#welcome();
  }

  /** Nothing is answered any more: what is under way is asked of the next writer. */
  close(): void {
    this.#engine = undefined;
    for (const call of this.#active.values()) call.abort();
  }

  committed(commit: Commit, state: State): void {
    const number = ++this.#commits;
    if (this.#visited) this.#post({ type: "commit", writer: this.#writer, number, inside: messageOf(commit, state) });
  }

  connected(connection: Connection, relays: RelayConnections): void {
    [this.#connection, this.#relays] = [connection, relays];
    if (this.#visited) this.#post({ type: "connection", writer: this.#writer, connection, relays });
  }

  complained(error: MessengerError): void {
    if (this.#visited) this.#post({ type: "error", writer: this.#writer, error });
  }

  /** Another tab or process says something. */
  received(message: ChannelMessage): void {
    if (message.type === "hello") {
      this.#visited = true;
      if (this.#engine !== undefined) this.#welcome();
    }
    if (message.type === "call") void this.#answer(message.id, message);
    if (message.type === "cancel") this.#active.get(message.id)?.abort();
  }

  #welcome(): void {
    const [connection, relays] = [this.#connection, this.#relays];
    this.#post({ type: "welcome", writer: this.#writer, commits: this.#commits, connection, relays });
  }

  async #answer(id: string, call: Call): Promise<void> {
    const engine = this.#engine;
    // Asked again while it is under way, after the way here was lost: the answer goes out once it is there.
    if (engine === undefined || this.#active.has(id)) return;
    const ended = new AbortController();
    this.#active.set(id, ended);
    try {
      const result = await carryOut(engine, call, { signal: ended.signal }, id);
      if (this.#engine !== undefined) this.#post({ type: "result", id, result });
    } catch (thrown) {
      const error = asMessengerError(thrown);
      const unanswered = this.#engine === undefined || ended.signal.aborted || MessengerError.is(error, "closed");
      if (!unanswered) this.#post({ type: "failure", id, error });
    } finally {
      this.#active.delete(id);
    }
  }
}
