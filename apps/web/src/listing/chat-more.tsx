// The button that opens the menu of a chat, in the list and in the chat's head. Takes the chat and where its menu is open; what is in the
// menu comes later (chat-menu.tsx).

import type { Conversation } from "@sotto/client";
import type { JSX } from "preact";
import { chatName } from "../chat/chat-name.ts";
import { Icon } from "../parts/icon.tsx";
import { later } from "../parts/later.tsx";

const ChatMenu = later(async () => (await import("./chat-menu.tsx")).ChatMenu);

/** The button and, while `at` says beside what, the menu. */
export function ChatMore(props: {
  conversation: Conversation;
  at: DOMRect | undefined;
  onAt: (at: DOMRect | undefined) => void;
}): JSX.Element {
  const { conversation, at, onAt } = props;
  return (
    <>
      <button
        type="button"
        class="icon-button chat-more"
        aria-label={`Options of the chat ${chatName(conversation)}`}
        aria-haspopup="menu"
        aria-expanded={at !== undefined}
        onClick={({ currentTarget }) => onAt(at === undefined ? currentTarget.getBoundingClientRect() : undefined)}
      >
        <Icon name="more" />
      </button>
      {at !== undefined && <ChatMenu conversation={conversation} at={at} onClose={() => onAt(undefined)} />}
    </>
  );
}
