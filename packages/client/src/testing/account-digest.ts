// What an account looks like to its person, as one plain value: two devices of an account that have heard of each other give equal ones. Takes
// an opened client; gives text, numbers and lists of them, in an order of its own, so that a difference can be read. What only one device
// knows (how far its messages got, the order in which they came) is left out.

import type { Client, Conversation, Message, Page } from "../api.ts";

/** See `accountDigest`. */
export interface AccountDigest {
  readonly id: string;
  readonly name: string;
  readonly devices: readonly { readonly id: string; readonly name: string }[];
  readonly contacts: readonly { readonly id: string; readonly name: string; readonly trust: string }[];
  /** Ids of strangers who wait for an answer. */
  readonly requests: readonly string[];
  readonly conversations: readonly ConversationDigest[];
}

/** A conversation as it is shown. */
export interface ConversationDigest {
  readonly id: string;
  readonly name: string;
  readonly phase: string;
  readonly trust: string;
  readonly draft: string;
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly muted: boolean;
  /** Oldest first, as they are shown. */
  readonly messages: readonly { readonly id: string; readonly text: string; readonly unread: boolean }[];
}

/** Everything that the devices of an account agree on. Conversations in which nothing was said or written count as absent. */
export async function accountDigest(client: Client): Promise<AccountDigest> {
  const conversations = await Promise.all(client.conversations.list.get().map(conversationDigest));
  return {
    id: client.id,
    name: client.profile.get().name,
    devices: byId(client.devices.list.get().map(({ id, name }) => ({ id, name }))),
    contacts: byId(client.contacts.list.get().map(({ id, name, trust }) => ({ id, name, trust }))),
    requests: client.contacts.requests
      .get()
      .map(({ id }) => id)
      .toSorted(),
    conversations: byId(conversations.filter(({ messages, draft }) => messages.length > 0 || draft !== "")),
  };
}

async function conversationDigest(conversation: Conversation): Promise<ConversationDigest> {
  const messages: Message[] = [];
  let page: Page<Message> | undefined = await conversation.history({ limit: 1_000 });
  for (; page !== undefined; page = await page.before()) messages.unshift(...page.items);
  const { name, phase, trust, draft, pinned, archived, muted } = conversation.state.get();
  const shown = messages.map(({ id, text, unread }) => ({ id, text, unread }));
  return { id: conversation.id, name, phase, trust, draft, pinned, archived, muted, messages: shown };
}

function byId<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
