// What a chat is called on the screen.

import type { Conversation } from "@sotto/client";

/** The other person's name, or "Note to self". */
export function chatName(conversation: Conversation): string {
  return conversation.kind === "notes" ? "Note to self" : conversation.state.get().name;
}
