import type { Conversation, Message, Page } from "@sotto/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, newestOf, unreadOf } from "./unread.ts";

/** A conversation that hands out pages, and in which something can happen while one is read. */
class FakeConversation {
  readonly messages: Message[] = [];
  unread = 0;
  /** Called before each page is handed out. */
  meanwhile: () => void = () => {};
  readonly state = { get: () => ({ unread: this.unread }) };

  arrive(mine = false): void {
    const cursor = String(this.messages.length).padStart(15, "0");
    this.messages.push({ id: cursor, cursor, mine } as unknown as Message);
    if (!mine) this.unread++;
  }

  async history({ limit = 50 }: { limit?: number } = {}): Promise<Page<Message>> {
    this.meanwhile();
    return this.#page(this.messages.length, limit);
  }

  get conversation(): Conversation {
    return this as unknown as Conversation;
  }

  #page(end: number, limit: number): Page<Message> {
    const start = Math.max(0, end - limit);
    return {
      items: this.messages.slice(start, end),
      before: async (more = 50) => (start === 0 ? undefined : this.#page(start, more)),
      after: async () => undefined,
    };
  }
}

const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe("unread messages", () => {
  it("are exactly the newest ones of the other side, whatever stands between them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 600 }), fc.nat(600), async (mine, read) => {
        const fake = new FakeConversation();
        for (const one of mine) fake.arrive(one);
        fake.unread = Math.max(0, fake.unread - read);
        const others = fake.messages.filter((message) => !message.mine);
        const { messages, unread } = await unreadOf(fake.conversation);
        expect(ids(messages)).toEqual(ids(others.slice(others.length - fake.unread)));
        expect(unread).toBe(fake.unread);
      }),
    );
  });

  it("leave none out when one comes while they are read", async () => {
    const fake = new FakeConversation();
    fake.arrive();
    fake.arrive();
    let late = 2;
    fake.meanwhile = () => {
      if (late-- > 0) fake.arrive();
    };
    const { messages, unread } = await unreadOf(fake.conversation);
    expect([messages.length, unread]).toEqual([4, 4]);
  });

  it("stay unread when only newer ones were shown", async () => {
    const fake = new FakeConversation();
    for (let i = 0; i < 5; i++) fake.arrive();
    expect((await newestOf(fake.conversation, 3)).unread).toBe(0);
    expect((await newestOf(fake.conversation, 5)).unread).toBe(5);
    expect((await newestOf(fake.conversation, 50)).messages).toHaveLength(5);
  });

  it("are put in the order in which they were stored, over all conversations", async () => {
    const message = (cursor: string): Message => ({ id: cursor, cursor }) as unknown as Message;
    const excerpt = (...cursors: string[]) => ({
      conversation: new FakeConversation().conversation,
      messages: cursors.map(message),
      unread: 0,
    });
    expect(ids(inOrder([excerpt("002", "010"), excerpt("001", "009")]))).toEqual(["001", "002", "009", "010"]);
  });
});
