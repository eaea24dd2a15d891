// What a question of the recovery is called, and which chat it stands in. Takes questions; gives words and places. Not its concern: what is
// asked in full (chat/questions.tsx).

import type { Client, Conversation, RecoveryQuestion } from "@sotto/client";
import { go } from "./route.ts";

/** Its title, wherever it is told of. */
export function questionTitle(question: RecoveryQuestion): string {
  if (question.kind === "resend") return `Send again what ${question.contact.name} missed?`;
  return `Sending to ${question.contact?.name ?? "your other devices"} has stopped`;
}

/** Whether it stands in this chat. */
export function concerns({ contact }: RecoveryQuestion, conversation: Conversation): boolean {
  return contact === undefined ? conversation.kind === "notes" : conversation.contact?.id === contact.id;
}

/** Goes to the chat where it stands. */
export async function openQuestion(client: Client, { contact }: RecoveryQuestion): Promise<void> {
  const { id } = await (contact === undefined ? client.conversations.notes() : contact.conversation());
  go({ at: "chat", id });
}
