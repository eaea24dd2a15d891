// A conversation's stored messages page by page, in the order that all devices show. Takes the log; gives pages that lead both ways. Not a
// concern here: messages that come while a page is held (the stream of a conversation).

import type { ConversationId, Message, Page } from "./api.ts";
import { positionOf } from "./engine/message-order.ts";
import type { MessageRecord } from "./records/message-record.ts";
import type { Views } from "./views.ts";

/** The pages of one conversation. */
export class History {
  readonly #views: Views;
  readonly #conversation: ConversationId;

  constructor(views: Views, conversation: ConversationId) {
    this.#views = views;
    this.#conversation = conversation;
  }

  /** The newest messages. */
  async newest(limit: number): Promise<Page<Message>> {
    return this.#page(await this.#before(undefined, limit), limit);
  }

  /** A message among its neighbours: in the middle, if there are enough on both sides. */
  async around(record: MessageRecord, limit: number): Promise<Page<Message>> {
    const position = positionOf(record);
    const others = Math.max(0, limit - 1);
    const [before, after] = [await this.#before(position, others), await this.#after(position, others)];
    const newer = after.slice(0, Math.max(Math.floor(others / 2), others - before.length));
    const older = before.slice(before.length - Math.min(before.length, others - newer.length));
    return this.#page([...older, record, ...newer], limit);
  }

  #page(records: readonly MessageRecord[], usual: number): Page<Message> {
    const [oldest, newest] = [records[0], records.at(-1)];
    return {
      items: records.map((record) => this.#views.messages.show(record)),
      before: async (limit = usual) => this.#next(oldest === undefined ? [] : await this.#before(positionOf(oldest), limit), limit),
      after: async (limit = usual) => this.#next(newest === undefined ? [] : await this.#after(positionOf(newest), limit), limit),
    };
  }

  #next(records: readonly MessageRecord[], limit: number): Page<Message> | undefined {
    return records.length === 0 ? undefined : this.#page(records, limit);
  }

  async #before(position: string | undefined, limit: number): Promise<readonly MessageRecord[]> {
    return (await this.#read({ from: position, backwards: true }, limit)).toReversed();
  }

  async #after(position: string, limit: number): Promise<readonly MessageRecord[]> {
    return await this.#read({ from: position }, limit);
  }

  async #read(walk: { from: string | undefined; backwards?: boolean }, limit: number): Promise<readonly MessageRecord[]> {
    const records: MessageRecord[] = [];
    if (limit < 1) return records;
    for await (const record of this.#views.engine.state.messages.inOrder(this.#conversation, walk)) {
      records.push(record);
      if (records.length >= limit) break;
    }
    return records;
  }
}
