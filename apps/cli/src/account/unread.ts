// Messages of several conversations in one order: those not read yet, or the newest ones. Takes conversations; gives messages, oldest
// first. Reads stored history only.
import type { Conversation, Message } from "@sotto/client";

/** Messages of other people that were not read yet. */
export async function unread(conversations: readonly Conversation[]): Promise<Message[]> {
  return inOrder(
    conversations.map((conversation) => {
      const { unread: count } = conversation.state.get();
      return collect(conversation, count, (message) => !message.mine);
    }),
  );
}

/** The newest messages, mine too, at most `count` of all conversations together. */
export async function newest(conversations: readonly Conversation[], count: number): Promise<Message[]> {
  const messages = await inOrder(conversations.map((conversation) => collect(conversation, count, () => true)));
  return messages.slice(-count);
}

/** The newest `count` messages that fit, page by page backwards. */
async function collect(conversation: Conversation, count: number, fits: (message: Message) => boolean): Promise<Message[]> {
  const found: Message[] = [];
  if (count === 0) return found;
  let page = await conversation.history({ limit: Math.min(count, 200) }).then((first) => first as typeof first | undefined);
  while (page && found.length < count) {
    found.unshift(...page.items.filter(fits));
    page = found.length < count ? await page.before(200) : undefined;
  }
  return found.slice(-count);
}

/** As they were stored here: what a sender's clock says does not change the order. */
async function inOrder(parts: readonly Promise<Message[]>[]): Promise<Message[]> {
  const all = (await Promise.all(parts)).flat();
  return all.toSorted((a, b) => (a.cursor < b.cursor ? -1 : 1));
}
