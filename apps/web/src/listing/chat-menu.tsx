// The menu of a chat: pin, mute, archive, and each of them back. Takes the chat and a place beside which there is room.

import type { Conversation, ConversationState } from "@sotto/client";
import type { JSX } from "preact";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Menu } from "../parts/menu.tsx";
import { addTrouble, announce } from "../state/happenings.ts";
import { useLive } from "../state/live.ts";
import { chatName } from "../chat/chat-name.ts";

type Listing = Parameters<Conversation["update"]>[0];

/** What can be done with a chat, at `at`. */
export function ChatMenu({ conversation, at, onClose }: { conversation: Conversation; at: DOMRect; onClose: () => void }): JSX.Element {
  const state = useLive(conversation.state);
  return (
    <Menu label={`Options of the chat ${chatName(conversation)}`} at={at} onClose={onClose}>
      {itemsOf(state).map(({ icon, label, change, done }) => (
        <button key={icon} type="button" role="menuitem" tabIndex={-1} onClick={() => void update(conversation, change, done)}>
          <Icon name={icon} />
          {label}
        </button>
      ))}
    </Menu>
  );
}

function itemsOf({ pinned, muted, archived }: ConversationState): { icon: IconName; label: string; change: Listing; done: string }[] {
  return [
    // What is pinned is in the list, what is archived is not: the one takes the other back.
    pinned
      ? { icon: "pin", label: "Unpin", change: { pinned: false }, done: "Not pinned any more" }
      : { icon: "pin", label: "Pin to the top", change: { pinned: true, archived: false }, done: "Pinned" },
    muted
      ? { icon: "muted", label: "Unmute", change: { muted: false }, done: "Not muted any more" }
      : { icon: "muted", label: "Mute", change: { muted: true }, done: "Muted" },
    archived
      ? { icon: "archive", label: "Take out of the archive", change: { archived: false }, done: "Back in the list" }
      : { icon: "archive", label: "Archive", change: { archived: true, pinned: false }, done: "Archived" },
  ];
}

async function update(conversation: Conversation, change: Listing, done: string): Promise<void> {
  try {
    await conversation.update(change);
    announce(`${chatName(conversation)}: ${done}`);
  } catch (problem) {
    addTrouble(problem);
  }
}
