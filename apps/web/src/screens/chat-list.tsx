// The list of chats, with a filter, what waits for an answer above it, and one line about the connection below.

import type { Client, Conversation } from "@sotto/client";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { chatName } from "../chat/chat-name.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { later } from "../parts/later.tsx";
import { Wordmark } from "../parts/wordmark.tsx";
import { useLive } from "../state/live.ts";
import { go } from "../state/route.ts";
import { ChatRow } from "./chat-row.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { matches, moveFocus } from "./list-filter.ts";

// Asked right away, but after the chats are there.
const DueBanner = later(async () => (await import("./banner.tsx")).DueBanner);

/** The pane with all chats; `current` is the one that is open. */
export function ChatList({ client, current }: { client: Client; current: string | undefined }): JSX.Element {
  const conversations = useLive(client.conversations.list);
  const requests = useLive(client.contacts.requests);
  const profile = useLive(client.profile);
  const [filter, setFilter] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const archived = conversations.filter(({ state }) => state.get().archived);
  // Who looks for a name finds it wherever it is.
  const listed = filter.trim() === "" ? conversations.filter(({ state }) => !state.get().archived) : conversations;
  const shown = listed.filter((conversation) => matches(chatName(conversation), filter));
  return (
    <section class="pane-list" aria-label="Chats">
      <header class="list-head">
        <button type="button" class="icon-button me" aria-label="Settings" onClick={() => go({ at: "settings", page: "main" })}>
          <Avatar id={client.id} name={profile.name} />
        </button>
        <h1>
          <Wordmark small />
        </h1>
        <button type="button" class="icon-button" aria-label="Add someone" onClick={() => go({ at: "add", tab: "invite" })}>
          <Icon name="add" />
        </button>
      </header>
      <DueBanner client={client} />
      {conversations.length > 0 && (
        <label class="filter">
          <Icon name="search" />
          <input
            id="chat-filter"
            type="search"
            aria-label="Find a chat"
            placeholder="Find a chat"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
            onKeyDown={(event) => onFilterKey(event, shown[0], list.current, () => setFilter(""))}
          />
        </label>
      )}
      {requests.length > 0 && (
        <button type="button" class="requests-line" onClick={() => go({ at: "requests" })}>
          <Icon name="door" />
          <span>{requests.length === 1 ? "Someone asks to talk to you" : `${requests.length} people ask to talk to you`}</span>
          <Icon name="next" />
        </button>
      )}
      {conversations.length === 0 ? (
        <Empty client={client} />
      ) : (
        <ul ref={list} class="chats" aria-label="Chats" onKeyDown={(event) => moveFocus(event, list.current)}>
          {shown.map((conversation) => (
            <ChatRow key={conversation.id} conversation={conversation} current={conversation.id === current} />
          ))}
          {shown.length === 0 && (
            <li class="hint nothing-found">
              {filter.trim() === "" ? "All your chats are in the archive." : `No chat has “${filter}” in its name.`}
            </li>
          )}
          {archived.length > 0 && filter.trim() === "" && <ArchiveLine archived={archived} />}
        </ul>
      )}
      <ConnectionLine client={client} />
    </section>
  );
}

function ArchiveLine({ archived }: { archived: readonly Conversation[] }): JSX.Element {
  const unread = archived.filter(({ state }) => state.get().unread > 0).length;
  return (
    <li>
      <button type="button" class="chat-row archive-line" onClick={() => go({ at: "archive" })}>
        <Icon name="archive" />
        <span>Archive</span>
        <small>{unread > 0 ? `${unread} of ${archived.length} unread` : archived.length}</small>
      </button>
    </li>
  );
}

function Empty({ client }: { client: Client }): JSX.Element {
  const notes = async (): Promise<void> => {
    const conversation = await client.conversations.notes();
    go({ at: "chat", id: conversation.id });
  };
  return (
    <div class="empty">
      <h2>Nobody is here yet</h2>
      <p class="hint">An invite is a link for one person. Whoever opens it talks to you, and nobody can listen.</p>
      <button type="button" class="button primary" onClick={() => go({ at: "add", tab: "invite" })}>
        <Icon name="invite" />
        Invite someone
      </button>
      <button type="button" class="button link" onClick={() => void notes()}>
        Write a note to yourself
      </button>
    </div>
  );
}

function onFilterKey(event: KeyboardEvent, first: Conversation | undefined, list: HTMLElement | null, clear: () => void): void {
  if (event.key === "Enter" && first !== undefined) {
    clear();
    go({ at: "chat", id: first.id });
  } else if (event.key === "Escape") {
    event.preventDefault();
    const field = event.currentTarget as HTMLInputElement;
    if (field.value !== "") clear();
    else (list?.querySelector<HTMLElement>("[aria-current]") ?? list?.querySelector<HTMLElement>("button"))?.focus();
  } else if (event.key === "ArrowDown") {
    event.preventDefault();
    list?.querySelector<HTMLElement>("button")?.focus();
  }
}
