// Messages as apps see them: one object per message while anybody holds it, so that `message.status` and `message.sent` follow what happens.
// Takes stored records; gives `Message`s. Not a concern here: storing, sending.

import type { Content, Conversation, Cursor, Message, MessageId, Sender, Status } from "./api.ts";
import type { Commit } from "./engine/transaction.ts";
import { fromHex, hex } from "./engine/hex.ts";
import { positionOf } from "./engine/message-order.ts";
import { MessengerError } from "./errors.ts";
import { failureOf, type MessageRecord } from "./records/message-record.ts";
import type { Views } from "./views.ts";

/** The messages that somebody holds. */
export class MessageBook {
  readonly #views: Views;
  readonly #held = new Map<number, WeakRef<MessageView>>();
  /** Messages whose `sent` somebody waits for: a promise that is forgotten would never settle. */
  readonly #awaited = new Set<MessageView>();
  readonly #forgotten = new FinalizationRegistry<number>((place) => {
    if (this.#held.get(place)?.deref() === undefined) this.#held.delete(place);
  });

  constructor(views: Views) {
    this.#views = views;
  }

  /** The message of a record. */
  show(record: MessageRecord): MessageView {
    const held = this.#held.get(record.place)?.deref();
    // It follows every commit, so it knows as much as the record, or more: that one may have been read before a change.
    if (held !== undefined) return held;
    const message = new MessageView(this.#views, this.#awaited, record);
    this.#held.set(record.place, new WeakRef(message));
    this.#forgotten.register(message, record.place);
    return message;
  }

  /** The messages that somebody holds, as they are shown. */
  *held(): IterableIterator<MessageRecord> {
    for (const held of this.#held.values()) {
      const message = held.deref();
      if (message !== undefined) yield message.record;
    }
  }

  /** Tells of what a commit added and changed. */
  refresh({ added, updated }: Commit): void {
    for (const record of updated) this.#held.get(record.place)?.deref()?.follow(record);
    for (const record of updated) this.#views.events.emit("update", { message: this.show(record), kind: "status" });
    for (const record of added) {
      if (record.author !== this.#views.ownId && record.history !== true) this.#views.events.emit("message", this.show(record));
    }
  }

  /** The client closes: nobody's `sent` will settle any more. */
  close(): void {
    for (const message of [...this.#awaited]) message.give(new MessengerError("closed", {}));
  }
}

class MessageView implements Message {
  readonly #views: Views;
  readonly #awaited: Set<MessageView>;
  #record: MessageRecord;
  #sent: PromiseWithResolvers<void> | undefined;

  constructor(views: Views, awaited: Set<MessageView>, record: MessageRecord) {
    this.#views = views;
    this.#awaited = awaited;
    this.#record = record;
  }

  get record(): MessageRecord {
    return this.#record;
  }

  get id(): MessageId {
    return `${this.mine ? "m" : "t"}${hex(this.#record.id)}` as MessageId;
  }

  get cursor(): Cursor {
    return cursorOf(this.#record.place);
  }

  get position(): string {
    return positionOf(this.#record);
  }

  get conversation(): Conversation {
    return this.#views.conversations.show(this.#record.conversation);
  }

  get sender(): Sender {
    return this.#views.sender(this.#record.author);
  }

  get mine(): boolean {
    return this.#record.author === this.#views.ownId;
  }

  get sentAt(): Date {
    return new Date(this.#record.sent);
  }

  get content(): Content {
    const { body } = this.#record;
    if (body.type === "text") return body;
    return { type: "unreadable", error: new MessengerError("message/unreadable", { reason: body.reason }) };
  }

  get text(): string {
    const { content } = this;
    return content.type === "text" ? content.text : content.error.message;
  }

  get unread(): boolean {
    return this.#views.engine.state.unread.get(String(this.#record.place)) !== undefined;
  }

  get status(): Status {
    const { progress, sent } = this.#record;
    switch (progress.state) {
      case "queued":
        return { state: "queued" };
      case "received":
        return { state: "delivered", at: new Date(sent) };
      case "failed":
        return { state: "failed", error: failureOf(progress.code) };
      default:
        return { state: progress.state, at: new Date(progress.at) };
    }
  }

  get sent(): Promise<void> {
    if (this.#sent === undefined) {
      this.#sent = Promise.withResolvers();
      // Whoever does not wait does not have to catch either.
      this.#sent.promise.catch(() => undefined);
      this.#awaited.add(this);
      this.#settle();
    }
    return this.#sent.promise;
  }

  async retry(): Promise<void> {
    const again = await this.#views.engine.run("sendAgain", this.#record.conversation, this.#record.place);
    if (again === null) return;
    this.#sent = undefined;
    this.follow(again);
  }

  /** The record has changed. */
  follow(record: MessageRecord): void {
    this.#record = record;
    this.#settle();
  }

  /** Ends the wait for `sent` with an error. */
  give(error: MessengerError): void {
    this.#sent?.reject(error);
    this.#awaited.delete(this);
  }

  #settle(): void {
    const { progress } = this.#record;
    if (progress.state === "failed") this.give(new MessengerError("send/failed", { attempts: 1 }, { cause: failureOf(progress.code) }));
    else if (progress.state !== "queued") {
      this.#sent?.resolve();
      this.#awaited.delete(this);
    }
  }
}

/** The cursor that stands after the message at a place of the log: 15 digits, so that cursors sort as strings as places do. */
function cursorOf(place: number): Cursor {
  return String(place).padStart(15, "0") as Cursor;
}

/** Which message an id names, and whether it is mine. `argument/invalid` for what is no message id. */
export function messageNamed(id: MessageId): { readonly mine: boolean; readonly id: Uint8Array } {
  if (!/^[mt][0-9a-f]{32}$/.test(id)) throw new MessengerError("argument/invalid", { reason: "this is no id of a message" });
  return { mine: id.startsWith("m"), id: fromHex(id.slice(1)) };
}

/** The place after a cursor, the first one after "start". `argument/invalid` for what is no cursor. */
export function placeAfter(cursor: Cursor | "start"): number {
  return cursor === "start" ? 0 : placeOf(cursor) + 1;
}

/** The place of the message that a cursor stands after. `argument/invalid` for what is no cursor. */
export function placeOf(cursor: Cursor): number {
  const place = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor) || !Number.isSafeInteger(place))
    throw new MessengerError("argument/invalid", { reason: "this is no cursor" });
  return place;
}
