// How a message is shown: as a line for people, as an object for programs. Takes a message of the SDK; everything that its sender chose
// is made harmless for a terminal.
import type { Conversation, Message } from "@sotto/client";
import { harmless, harmlessLine } from "./hostile-text.ts";

/** A message as programs get it. */
export function messageRecord(message: Message): object {
  const { id, conversation, sender, mine, sentAt, content, text, status } = message;
  return {
    id,
    conversation: { id: conversation.id, name: conversation.state.get().name },
    sender: { id: sender.id, name: sender.name },
    mine,
    sentAt: sentAt.toISOString(),
    type: content.type,
    text,
    ...(mine ? { status: status.state } : {}),
    ...(content.type === "unreadable" ? { error: content.error.code } : {}),
  };
}

/** A message as people read it; further lines are indented, so that no text can look like another message. */
export function messageText(message: Message): string {
  const { conversation, sender, mine, sentAt } = message;
  const where = conversation.kind === "notes" ? "notes" : harmlessLine(conversation.state.get().name);
  const from = mine ? `me → ${where}` : harmlessLine(sender.name);
  const lines = harmless(message.text).split("\n").join("\n    ");
  return `${localTime(sentAt)}  ${from}: ${lines}`;
}

/** A conversation's name, fit to be shown. */
export function conversationName(conversation: Conversation): string {
  return conversation.kind === "notes" ? "notes" : harmlessLine(conversation.state.get().name);
}

/** `2026-11-24 22:10`, in this computer's time zone. */
export function localTime(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(date)}`;
}

/** `22:10`, for what is over within the hour. */
export function clockTime(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
