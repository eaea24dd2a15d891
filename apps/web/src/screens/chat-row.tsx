// One chat in the list: who, the last words, when, how many are unread.

import type { Conversation, Message } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { chatName } from "../chat/chat-name.ts";
import { StatusMark } from "../chat/status-mark.tsx";
import { ChatMore } from "../listing/chat-more.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { useLive } from "../state/live.ts";
import { go } from "../state/route.ts";
import { shortOf } from "../state/times.ts";

/** A row of a list of chats; `replace`: the list is a place that the chat takes. */
export function ChatRow(props: { conversation: Conversation; current: boolean; replace?: boolean }): JSX.Element {
  const { conversation, current, replace = false } = props;
  const [menuAt, setMenuAt] = useState<DOMRect>();
  const state = useLive(conversation.state);
  const last = state.lastMessage;
  const notes = conversation.kind === "notes";
  // What is being written is seen where it is written.
  const draft = current ? "" : state.draft;
  return (
    <li
      class="chat-place"
      onContextMenu={(event) => {
        event.preventDefault();
        setMenuAt(new DOMRect(event.clientX, event.clientY));
      }}
    >
      <button
        type="button"
        class="chat-row"
        aria-current={current ? "page" : undefined}
        data-unread={state.unread > 0}
        onClick={() => go({ at: "chat", id: conversation.id }, { replace })}
      >
        <Avatar id={conversation.contact?.id ?? conversation.id} name={chatName(conversation)} notes={notes} />
        <span class="chat-row-name">
          <bdi>{chatName(conversation)}</bdi>
          {state.trust === "verified" && !notes && (
            <span class="verified-mark" title="Verified">
              <Icon name="shield" />
              <span class="unseen">verified</span>
            </span>
          )}
          {state.pinned && <ListingMark icon="pin" word="pinned" />}
          {state.muted && <ListingMark icon="muted" word="muted" />}
          {state.archived && !replace && <ListingMark icon="archive" word="archived" />}
        </span>
        {last !== undefined && (
          <time class="chat-row-time" dateTime={last.sentAt.toISOString()}>
            {shortOf(last.sentAt, new Date())}
          </time>
        )}
        <span class="chat-row-last">
          {draft === "" ? (
            <>
              {last?.mine === true && !notes && <StatusMark status={last.status} />}
              <bdi>{lastWords(last, state.phase)}</bdi>
            </>
          ) : (
            <>
              <span class="draft-mark">Draft:</span> <bdi>{oneLine(draft)}</bdi>
            </>
          )}
        </span>
        {state.unread > 0 && (
          <span class="unread-count">
            {state.unread > 99 ? "99+" : state.unread}
            <span class="unseen"> unread</span>
          </span>
        )}
      </button>
      <ChatMore conversation={conversation} at={menuAt} onAt={setMenuAt} />
    </li>
  );
}

function ListingMark({ icon, word }: { icon: IconName; word: string }): JSX.Element {
  return (
    <span class="listing-mark" title={word}>
      <Icon name={icon} />
      <span class="unseen">{word}</span>
    </span>
  );
}

function lastWords(last: Message | undefined, phase: "asking" | "open"): string {
  if (last === undefined) return phase === "asking" ? "Waits to be accepted" : "No messages yet";
  return oneLine(last.text);
}

const oneLine = (text: string): string => text.slice(0, 200).replace(/\s+/g, " ");
