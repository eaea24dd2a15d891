// The chats that were put away. They are found by name in the list as well; a message that comes leaves them here.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Sheet } from "../parts/sheet.tsx";
import { useLive } from "../state/live.ts";
import { ChatRow } from "../screens/chat-row.tsx";
import { moveFocus } from "../screens/list-filter.ts";

/** The sheet of archived chats. */
export function ArchiveSheet({ client, onClose }: { client: Client; onClose: () => void }): JSX.Element {
  const archived = useLive(client.conversations.list).filter(({ state }) => state.get().archived);
  const list = useRef<HTMLUListElement>(null);
  return (
    <Sheet title="Archive" onClose={onClose}>
      {archived.length === 0 ? (
        <p class="hint">No chat is archived.</p>
      ) : (
        <>
          <p class="hint">They stay here when somebody writes. Mute them too if nothing should be said of it.</p>
          <ul ref={list} class="chats" aria-label="Archived chats" onKeyDown={(event) => moveFocus(event, list.current)}>
            {archived.map((conversation) => (
              <ChatRow key={conversation.id} conversation={conversation} current={false} replace />
            ))}
          </ul>
        </>
      )}
    </Sheet>
  );
}
