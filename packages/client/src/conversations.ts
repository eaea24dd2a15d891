// Conversations as apps see them: writing, reading, what a list shows. Takes conversation records; gives one `Conversation` object each for
// as long as the client is open. Not a concern here: storing and sending messages.

import { refuseAborted } from "./aborted.ts";
import type {
  Cancellable,
  Contact,
  ContactId,
  Conversation,
  ConversationId,
  Conversations,
  ConversationState,
  Message,
  MessageId,
  MessagesOptions,
  Page,
  Trust,
} from "./api.ts";
import type { Seen } from "./engine/reading.ts";
import type { Commit } from "./engine/transaction.ts";
import { MessengerError } from "./errors.ts";
import { History } from "./history.ts";
import { trustIn } from "./engine/trust.ts";
import { LiveValue } from "./live.ts";
import { messageNamed, placeAfter, placeOf } from "./messages.ts";
import { streamMessages } from "./messages-stream.ts";
import { conversationWith, type ConversationRecord } from "./records/conversation-record.ts";
import type { MessageRecord } from "./records/message-record.ts";
import type { UnreadRecord } from "./records/unread-record.ts";
import type { Views } from "./views.ts";

const PAGE = 50;

/** Every conversation of this account. */
export class ConversationBook implements Conversations {
  readonly list = new LiveValue<readonly Conversation[]>([]);
  readonly #views: Views;
  readonly #conversations = new Map<ConversationId, ConversationView>();

  constructor(views: Views) {
    this.#views = views;
  }

  /** Reads the newest message of each conversation. */
  async load(): Promise<void> {
    const { state } = this.#views.engine;
    for (const { id, last } of state.conversations.values()) {
      const newest = last === null ? undefined : await state.messages.get(id, last.place);
      this.show(id).follow(newest);
    }
    this.#sort();
  }

  async get(id: ConversationId): Promise<Conversation | undefined> {
    return this.#views.engine.state.conversations.get(id) === undefined ? undefined : this.show(id);
  }

  async notes(): Promise<Conversation> {
    const { engine, ownId } = this.#views;
    if (engine.state.conversations.get(ownId) === undefined) await engine.run("openNotes");
    return this.show(conversationWith(ownId));
  }

  /** The one object of a conversation. */
  show(id: ConversationId): ConversationView {
    const conversation = this.#conversations.get(id) ?? new ConversationView(this.#views, id);
    this.#conversations.set(id, conversation);
    return conversation;
  }

  /** Follows a commit. */
  refresh({ self, conversations, contacts, added, updated }: Commit): void {
    const changed = new Set([...conversations, ...contacts, ...updated.map(({ conversation }) => conversation as string)]);
    if (self && this.#isRenamed()) changed.add(this.#views.ownId);
    if (changed.size === 0) return;
    const listed = new Set(this.list.get().map(({ id }) => id as string));
    const present = [...changed].filter((id) => this.#views.engine.state.conversations.get(id) !== undefined) as ConversationId[];
    const touched = new Map([...added, ...updated].map((record) => [record.place, record]));
    for (const id of present) this.show(id).follow(touched.get(this.#lastOf(id) ?? -1));
    this.#sort();
    for (const id of present) {
      const kind = listed.has(id) ? "changed" : "added";
      this.#views.events.emit("conversation", { conversation: this.show(id), kind });
    }
  }

  /** Whether the notes show a name that I had. */
  #isRenamed(): boolean {
    const notes = this.#conversations.get(conversationWith(this.#views.ownId));
    return notes !== undefined && notes.state.get().name !== this.#views.engine.state.self.name;
  }

  #lastOf(id: ConversationId): number | undefined {
    return this.#views.engine.state.conversations.get(id)?.last?.place;
  }

  #sort(): void {
    const { conversations, contacts } = this.#views.engine.state;
    // Whose invite was used before mine came was never met: nothing was said, so there is nothing to show.
    const records = [...conversations.values()].filter(({ id, last }) => last !== null || contacts.get(id)?.phase !== "refused");
    const order = (a: ConversationRecord, b: ConversationRecord): number =>
      Number(b.listing.pinned) - Number(a.listing.pinned) || b.active - a.active;
    this.list.set(records.toSorted(order).map(({ id }) => this.show(id)));
  }
}

class ConversationView implements Conversation {
  readonly id: ConversationId;
  readonly kind: "direct" | "notes";
  readonly contact?: Contact;
  readonly state: LiveValue<ConversationState>;
  readonly #views: Views;
  #newest: MessageRecord | undefined;

  constructor(views: Views, id: ConversationId) {
    this.#views = views;
    this.id = id;
    this.kind = (id as string) === views.ownId ? "notes" : "direct";
    if (this.kind === "direct") this.contact = views.contacts.person(id as string as ContactId);
    this.state = new LiveValue(this.#now());
  }

  async send(text: string, { signal }: Cancellable = {}): Promise<Message> {
    refuseAborted(signal);
    const record = await this.#views.engine.run("sendText", this.id, text);
    return this.#views.messages.show(record);
  }

  messages({ after, self = false, signal }: MessagesOptions = {}): AsyncIterableIterator<Message> {
    const { engine, commits, messages, ownId } = this.#views;
    const log = engine.state.messages;
    return streamMessages(
      {
        commits,
        from: (place) => log.conversationFrom(this.id, place),
        includes: ({ author }) => self || author !== ownId,
        show: (record) => messages.show(record),
      },
      after === undefined ? this.#views.openedAt : placeAfter(after),
      signal,
    );
  }

  async history({ around = "end", limit = PAGE, signal }: Parameters<Conversation["history"]>[0] = {}): Promise<Page<Message>> {
    refuseAborted(signal);
    const history = new History(this.#views, this.id);
    if (around !== "end" && around !== "unread") return await history.around(await this.#message(around), limit);
    const unread = around === "unread" ? await this.#firstUnread() : undefined;
    return unread === undefined ? await history.newest(limit) : await history.around(unread, limit);
  }

  async markRead(what?: Message | readonly Message[]): Promise<void> {
    if ((this.#record?.unread ?? 0) === 0) return;
    await this.#views.engine.run("markRead", this.id, seenOf(what));
  }

  async setDraft(draft: string): Promise<void> {
    await this.#views.engine.run("setDraft", this.id, draft);
  }

  async update({ muted, ...change }: Parameters<Conversation["update"]>[0]): Promise<void> {
    const until = muted === undefined ? {} : { muted: mutedUntil(muted) };
    await this.#views.engine.run("changeListing", this.id, { ...change, ...until });
  }

  /** Something that this conversation shows has changed; `newest`: the message that stands last, if that is another or was changed. */
  follow(newest: MessageRecord | undefined): void {
    this.#newest = newest ?? this.#newest;
    this.state.set(this.#now());
  }

  #now(): ConversationState {
    const { engine, messages } = this.#views;
    const record = engine.state.contacts.get(this.id);
    const trust: Trust = record === undefined ? "verified" : trustIn(record);
    const phase = record === undefined || record.phase === "open" ? "open" : "asking";
    const name = this.contact?.name ?? engine.state.self.name;
    const { unread = 0, draft, listing } = this.#record ?? {};
    const { pinned = false, archived = false, muted: until = 0 } = listing ?? {};
    const muted = until > engine.clock.now();
    const shown = { name, unread, draft: draft?.text ?? "", pinned, archived, muted, trust, phase } as const;
    return this.#newest === undefined ? shown : { ...shown, lastMessage: messages.show(this.#newest) };
  }

  async #firstUnread(): Promise<MessageRecord | undefined> {
    const { unread, messages } = this.#views.engine.state;
    const first = [...unread.values()]
      .filter(({ conversation }) => conversation === this.id)
      .reduce<UnreadRecord | undefined>((a, b) => (a === undefined || b.position < a.position ? b : a), undefined);
    return first === undefined ? undefined : await messages.get(this.id, first.place);
  }

  async #message(named: MessageId): Promise<MessageRecord> {
    const { engine, ownId } = this.#views;
    const { mine, id } = messageNamed(named);
    const author = mine ? ownId : (this.id as string as ContactId);
    const record = await engine.state.messages.find({ conversation: this.id, author, id });
    if (record === undefined) throw new MessengerError("argument/invalid", { reason: "there is no such message in this conversation" });
    return record;
  }

  get #record(): ConversationRecord | undefined {
    return this.#views.engine.state.conversations.get(this.id);
  }
}

function seenOf(what: Message | readonly Message[] | undefined): Seen {
  if (what === undefined) return { all: true };
  return "cursor" in what ? { upTo: placeOf(what.cursor) } : { places: what.map(({ cursor }) => placeOf(cursor)) };
}

/** Until when nothing is announced, ms: for ever is as far as numbers go. */
function mutedUntil(muted: boolean | Date): number {
  if (muted instanceof Date) return Math.max(0, muted.getTime());
  return muted ? Number.MAX_SAFE_INTEGER : 0;
}
