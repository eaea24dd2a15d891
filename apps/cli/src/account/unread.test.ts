import type { Conversation, Message, Page } from "@sotto/client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, newestOf, unreadOf } from "./unread.ts";

/** A conversation that hands out pages, and in which something can happen while one is read. */
class FakeConversation {
  readonly messages: Message[] = [];
  /** Called before the first page is handed out. */
  meanwhile: () => void = () => {};
  readonly state = { get: () => ({ unread: this.messages.filter(({ unread }) => unread).length }) };

  arrive(as: "mine" | "read" | "unread" = "unread"): void {
    const cursor = String(this.messages.length).padStart(15, "0");
    this.messages.push({ id: cursor, cursor, mine: as === "mine", unread: as === "unread" } as unknown as Message);
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
  it("are exactly those that were not read, wherever they stand", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("mine", "read", "unread"), { maxLength: 600 }), async (arrived) => {
        const fake = new FakeConversation();
        for (const one of arrived) fake.arrive(one);
        const { messages } = await unreadOf(fake.conversation);
        expect(ids(messages)).toEqual(ids(fake.messages.filter(({ unread }) => unread)));
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
    expect(ids((await unreadOf(fake.conversation)).messages)).toEqual(ids(fake.messages));
    expect(fake.messages).toHaveLength(4);
  });
});

describe("the newest messages", () => {
  it("are as many as there are, at most as many as were asked for", async () => {
    const fake = new FakeConversation();
    for (let i = 0; i < 5; i++) fake.arrive();
    expect(ids((await newestOf(fake.conversation, 3)).messages)).toEqual(ids(fake.messages.slice(2)));
    expect((await newestOf(fake.conversation, 50)).messages).toHaveLength(5);
  });

  const excerpt = (...cursors: string[]) => ({
    conversation: new FakeConversation().conversation,
    messages: cursors.map((cursor) => ({ id: cursor, cursor }) as unknown as Message),
  });

  it("are put in the order in which they were stored, over all conversations", () => {
    expect(ids(inOrder([excerpt("002", "010"), excerpt("001", "009")]))).toEqual(["001", "002", "009", "010"]);
  });

  it("of a single chat stay as its history has them", () => {
    expect(ids(inOrder([excerpt("003", "001", "002"), excerpt()]))).toEqual(["003", "001", "002"]);
  });
});
