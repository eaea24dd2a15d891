// What is to be shown of conversations: messages not read yet, or the newest ones. Takes conversations; gives messages in order. Reads
// stored history only.
import type { Conversation, Message } from "@sotto/client";

/** How many messages are fetched at once. */
const PAGE = 200;

/** A conversation's messages to show. */
export interface Excerpt {
  readonly conversation: Conversation;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** The messages of other people that were not read yet. */
export async function unreadOf(conversation: Conversation): Promise<Excerpt> {
  for (;;) {
    const { unread } = conversation.state.get();
    const messages = await newestThatFit(conversation, unread, (message) => message.unread);
    // If one came meanwhile, the oldest may be missing: look again.
    if (conversation.state.get().unread === unread) return { conversation, messages };
  }
}

/** The newest `count` messages, read or not, mine too. */
export async function newestOf(conversation: Conversation, count: number): Promise<Excerpt> {
  return { conversation, messages: await newestThatFit(conversation, count, () => true) };
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
