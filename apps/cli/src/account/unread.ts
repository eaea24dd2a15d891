// What is to be shown of conversations: messages not read yet, or the newest ones. Takes conversations; gives messages in order, and how
// many unread ones are among them, so that only what was shown is taken as read. Reads stored history only.
import type { Conversation, Message } from "@sotto/client";

/** How many messages are fetched at once. */
const PAGE = 200;

/** A conversation's messages to show. */
export interface Excerpt {
  readonly conversation: Conversation;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** How many of the conversation's unread messages are among them, from the oldest on. */
  readonly unread: number;
}

/** The messages of other people that were not read yet. */
export async function unreadOf(conversation: Conversation): Promise<Excerpt> {
  for (;;) {
    const { unread } = conversation.state.get();
    const messages = await newestThatFit(conversation, unread, (message) => !message.mine);
    // If one came meanwhile, these are not the oldest unread ones: look again.
    if (conversation.state.get().unread === unread) return { conversation, messages, unread };
  }
}

/** The newest `count` messages, mine too. They count as read only if no older one is unread. */
export async function newestOf(conversation: Conversation, count: number): Promise<Excerpt> {
  const { unread } = conversation.state.get();
  const messages = await newestThatFit(conversation, count, () => true);
  const others = messages.filter((message) => !message.mine).length;
  return { conversation, messages, unread: others >= unread ? unread : 0 };
}

/** One chat as all devices show it; several as they were stored here: what a sender's clock says does not change the order. */
export function inOrder(excerpts: readonly Excerpt[]): Message[] {
  const [only, ...others] = excerpts.filter(({ messages }) => messages.length > 0);
  if (others.length === 0) return [...(only?.messages ?? [])];
  return excerpts.flatMap(({ messages }) => messages).toSorted((a, b) => (a.cursor < b.cursor ? -1 : 1));
}

/** Page by page backwards. */
async function newestThatFit(conversation: Conversation, count: number, fits: (message: Message) => boolean): Promise<Message[]> {
  const found: Message[] = [];
  if (count === 0) return found;
  let page = await conversation.history({ limit: Math.min(count, PAGE) }).then((first) => first as typeof first | undefined);
  while (page && found.length < count) {
    found.unshift(...page.items.filter(fits));
    page = found.length < count ? await page.before(PAGE) : undefined;
  }
  return found.slice(-count);
}
