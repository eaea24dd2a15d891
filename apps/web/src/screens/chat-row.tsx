// One chat in the list: who, the last words, when, how many are unread.

import type { Conversation, Message } from "@sotto/client";
import type { JSX } from "preact";
import { chatName } from "../chat/chat-name.ts";
import { StatusMark } from "../chat/status-mark.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Icon } from "../parts/icon.tsx";
import { useLive } from "../state/live.ts";
import { go } from "../state/route.ts";
import { shortOf } from "../state/times.ts";

/** A row of the chat list. */
export function ChatRow({ conversation, current }: { conversation: Conversation; current: boolean }): JSX.Element {
  const state = useLive(conversation.state);
  const last = state.lastMessage;
  const notes = conversation.kind === "notes";
  // What is being written is seen where it is written.
  const draft = current ? "" : state.draft;
  return (
    <li>
      <button
        type="button"
        class="chat-row"
        aria-current={current ? "page" : undefined}
        data-unread={state.unread > 0}
        onClick={() => go({ at: "chat", id: conversation.id })}
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
    </li>
  );
}

function lastWords(last: Message | undefined, phase: "asking" | "open"): string {
  if (last === undefined) return phase === "asking" ? "Waits to be accepted" : "No messages yet";
  return oneLine(last.text);
}

const oneLine = (text: string): string => text.slice(0, 200).replace(/\s+/g, " ");
