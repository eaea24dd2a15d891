// What only the person can decide after something went wrong with this chat, between its messages and the composer. Takes the chat; gives the
// questions that are open, whose words come when there is one (question.tsx, alarm.tsx).

import type { Client, Conversation } from "@sotto/client";
import type { JSX } from "preact";
import { later } from "../parts/later.tsx";
import { useLive } from "../state/live.ts";
import { concerns } from "../state/questions.ts";

const Alarm = later(async () => (await import("./alarm.tsx")).Alarm);
const Question = later(async () => (await import("./question.tsx")).Question);

/** The questions of a chat; those about my other devices stand in the notes. `about`: the details are open, and ask whether it was the contact. */
export function ChatQuestions(props: { client: Client; conversation: Conversation; about: boolean }): JSX.Element | null {
  const { client, conversation, about } = props;
  const open = useLive(client.recovery.questions).filter((question) => concerns(question, conversation));
  const { contact } = conversation;
  const blocked = useLive(conversation.state).trust === "changed-after-verified" && !about;
  if (open.length === 0 && !blocked) return null;
  return (
    <div class="chat-questions">
      {blocked && contact !== undefined && <Alarm contact={contact} blocked />}
      {open.map((question) => (
        <Question key={question.kind} question={question} />
      ))}
    </div>
  );
}
