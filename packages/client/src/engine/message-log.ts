// The message log on disk: every message of this device in the order in which it was stored, and each conversation's part of it, also in the
// order in which it is shown. Only what is asked for is read into memory. Takes message records and places; gives records in order. Not a
// concern here: what a message means.
//
// table "messages": opaque(conversation) || BE8(place) -> record      table "log": BE8(place) -> conversation
// table "message-ids": opaque(conversation, author, content id) -> place

import { ascii, be8, concat, Reader } from "@sotto/protocol";
import type { ContactId, ConversationId } from "../api.ts";
import type { MessageRecord } from "../records/message-record.ts";
import type { Change, SealedStore } from "../storage/sealed-store.ts";
import { hex } from "./hex.ts";
import { inOrder, orderEntry, type Walk } from "./message-order.ts";

const MESSAGES = "messages";
const LOG = "log";
const IDS = "message-ids";

/** Messages that are read together: some dozen kilobytes. */
const READ_AT_ONCE = 64;

/** What names a message on all devices. */
export interface MessageName {
  readonly conversation: ConversationId;
  readonly author: ContactId;
  readonly id: Uint8Array;
}

/** The committed log. */
export class MessageLog {
  readonly #store: SealedStore;
  #next = 0;

  private constructor(store: SealedStore) {
    this.#store = store;
  }

  static async open(store: SealedStore): Promise<MessageLog> {
    const log = new MessageLog(store);
    for await (const [key] of store.scan(LOG, { reverse: true, limit: 1 })) log.#next = new Reader(key, "place").uint(8) + 1;
    return log;
  }

  /** The place that the next message will get. */
  get next(): number {
    return this.#next;
  }

  async get(conversation: ConversationId, place: number): Promise<MessageRecord | undefined> {
    return (await this.#store.get(MESSAGES, messageKey(this.#store, conversation, place))) as MessageRecord | undefined;
  }

  async find(name: MessageName): Promise<MessageRecord | undefined> {
    const place = await this.#store.get(IDS, nameKey(this.#store, name));
    return place === undefined ? undefined : await this.get(name.conversation, place as number);
  }

  /** Messages of all conversations from `place` on, as they came. */
  async *from(place: number): AsyncIterableIterator<MessageRecord> {
    // Asked for together, because every answer comes from another thread.
    let group: Promise<MessageRecord | undefined>[] = [];
    for await (const [key, conversation] of this.#store.scan(LOG, after(place))) {
      group.push(this.get(conversation as ConversationId, new Reader(key, "place").uint(8)));
      if (group.length < READ_AT_ONCE) continue;
      yield* await recordsOf(group);
      group = [];
    }
    yield* await recordsOf(group);
  }

  /** Messages of one conversation from `place` on, as they came. */
  async *conversationFrom(conversation: ConversationId, place: number): AsyncIterableIterator<MessageRecord> {
    const prefix = conversationKey(this.#store, conversation);
    const start = place === 0 ? {} : { after: concat(prefix, be8(place - 1)) };
    for await (const [, record] of this.#store.scan(MESSAGES, { prefix, ...start })) yield record as MessageRecord;
  }

  /** Messages of one conversation as they are shown, from a position on. */
  async *inOrder(conversation: ConversationId, walk: Walk): AsyncIterableIterator<MessageRecord> {
    for await (const place of inOrder(this.#store, conversationKey(this.#store, conversation), walk)) {
      const record = await this.get(conversation, place);
      if (record !== undefined) yield record;
    }
  }

  /** A view to which messages can be added without changing the log. */
  draft(): MessageDraft {
    return new MessageDraft(this);
  }

  /** Makes a draft's additions the committed state; only after the store wrote them. */
  advance(next: number): void {
    this.#next = next;
  }
}

/** The log as one transaction sees it. */
export class MessageDraft {
  readonly #log: MessageLog;
  readonly #records = new Map<number, MessageRecord>();
  readonly #names = new Map<string, number>();
  readonly #added = new Set<number>();
  /** What the log answered: it does not change while this transaction runs. */
  readonly #lookedUp = new Map<string, MessageRecord | undefined>();
  #next: number;

  constructor(log: MessageLog) {
    this.#log = log;
    this.#next = log.next;
  }

  /** Adds a message at the end of the log. The caller has made sure that its name is new. */
  add(message: Omit<MessageRecord, "place">): MessageRecord {
    const record = { ...message, place: this.#next++ };
    this.#records.set(record.place, record);
    this.#names.set(nameText(record), record.place);
    this.#added.add(record.place);
    return record;
  }

  /** Replaces what is stored at the record's place. */
  update(record: MessageRecord): void {
    this.#records.set(record.place, record);
  }

  async get(conversation: ConversationId, place: number): Promise<MessageRecord | undefined> {
    return this.#records.get(place) ?? (await this.#log.get(conversation, place));
  }

  /** Asks the log for all of these at once, so that `find` need not for each. */
  async lookUp(names: readonly MessageName[]): Promise<void> {
    await Promise.all(names.map(async (name) => this.#lookedUp.set(nameText(name), await this.#log.find(name))));
  }

  async find(name: MessageName): Promise<MessageRecord | undefined> {
    const key = nameText(name);
    const place = this.#names.get(key);
    if (place !== undefined) return this.#records.get(place);
    const found = this.#lookedUp.has(key) ? this.#lookedUp.get(key) : await this.#log.find(name);
    return found === undefined ? undefined : (this.#records.get(found.place) ?? found);
  }

  /** Whether anything was added or changed. */
  get touched(): boolean {
    return this.#records.size > 0;
  }

  /** Messages of all conversations from `place` on, oldest first, the new ones too. */
  async *from(place: number): AsyncIterableIterator<MessageRecord> {
    for await (const record of this.#log.from(place)) yield this.#records.get(record.place) ?? record;
    yield* this.added.filter((record) => record.place >= place);
  }

  /** Messages that are new. */
  get added(): readonly MessageRecord[] {
    return [...this.#added].map((place) => this.#records.get(place) as MessageRecord);
  }

  /** Messages that were there and changed. */
  get updated(): readonly MessageRecord[] {
    return [...this.#records.values()].filter((record) => !this.#added.has(record.place));
  }

  /** What the store has to write. */
  changes(store: SealedStore): Change[] {
    const keys = new Map<ConversationId, Uint8Array>();
    return [...this.#records.values()].flatMap((record) => {
      const conversation = keys.get(record.conversation) ?? conversationKey(store, record.conversation);
      keys.set(record.conversation, conversation);
      const message = { table: MESSAGES, key: concat(conversation, be8(record.place)), value: record };
      if (!this.#added.has(record.place)) return [message];
      return [
        message,
        { table: LOG, key: be8(record.place), value: record.conversation },
        { table: IDS, key: nameKey(store, record), value: record.place },
        orderEntry(conversation, record),
      ];
    });
  }

  /** Makes the additions the committed state. */
  apply(): void {
    this.#log.advance(this.#next);
  }
}

const text = new TextEncoder();

async function recordsOf(group: readonly Promise<MessageRecord | undefined>[]): Promise<readonly MessageRecord[]> {
  return (await Promise.all(group)).filter((record) => record !== undefined);
}

function after(place: number): { after?: Uint8Array } {
  return place === 0 ? {} : { after: be8(place - 1) };
}

function conversationKey(store: SealedStore, conversation: ConversationId): Uint8Array {
  return store.opaque(text.encode(conversation));
}

function messageKey(store: SealedStore, conversation: ConversationId, place: number): Uint8Array {
  return concat(conversationKey(store, conversation), be8(place));
}

function nameText(name: MessageName): string {
  return `${name.conversation} ${name.author} ${hex(name.id)}`;
}

function nameKey(store: SealedStore, name: MessageName): Uint8Array {
  return store.opaque(ascii(nameText(name)));
}
