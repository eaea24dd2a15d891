// What only the person can decide after something went wrong with this chat, between its messages and the composer: whether it was the contact
// whose account was restored elsewhere, whether what a device missed is said to it again, and whether sending goes on though a copy of this
// device may be at work. Takes the chat; gives the questions that are open. Not its concern: making this device another one
// (settings/renew-page.tsx).

import type { Client, CloneQuestion, Conversation, RecoveryQuestion, ResendQuestion } from "@sotto/client";
import type { JSX } from "preact";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { useLive, useTask } from "../state/live.ts";
import { concerns, questionTitle } from "../state/questions.ts";
import { go } from "../state/route.ts";
import { Alarm } from "./alarm.tsx";

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

function Question({ question }: { question: RecoveryQuestion }): JSX.Element {
  return question.kind === "resend" ? <Resend question={question} /> : <Clone question={question} />;
}

function Resend({ question }: { question: ResendQuestion }): JSX.Element {
  const task = useTask();
  const { name } = question.contact;
  const decide = (again: boolean): void => task.run(() => question.decide(again));
  return (
    <section aria-label={questionTitle(question)}>
      <Notice
        tone="plain"
        icon="devices"
        title={questionTitle(question)}
        text={`A device of ${name} may have missed what you wrote in the last two days. It can be sent to it again. If you wonder whether that device is theirs, ask them first, and not in this chat.`}
      >
        <button type="button" class="button primary" disabled={task.busy} onClick={() => decide(true)}>
          Send again
        </button>
        <button type="button" class="button" disabled={task.busy} onClick={() => decide(false)}>
          Don’t
        </button>
      </Notice>
      <ProblemNotice problem={task.problem} />
    </section>
  );
}

function Clone({ question }: { question: CloneQuestion }): JSX.Element {
  const task = useTask();
  const whom = question.contact === undefined ? "your other devices" : question.contact.name;
  return (
    <section aria-label={questionTitle(question)}>
      <Notice
        tone="bad"
        icon="warning"
        title={questionTitle(question)}
        text={`Something speaks to ${whom} as if it were this device. Did you copy this device, or put it back to an earlier state? If not, somebody may have a copy of it. What you write waits until you decide.`}
      >
        <button type="button" class="button" disabled={task.busy} onClick={() => task.run(() => question.proceed())}>
          It was me: go on
        </button>
        <button type="button" class="button" disabled={task.busy} onClick={() => go({ at: "settings", page: "renew" })}>
          It was not me
        </button>
      </Notice>
      <ProblemNotice problem={task.problem} />
    </section>
  );
}
