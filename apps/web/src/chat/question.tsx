// One question about this chat: whether what a device missed is said to it again, or whether sending goes on though a copy of this device may
// be at work. Takes the question; what the person answers is kept. Not its concern: making this device another one (settings/renew-page.tsx).

import type { CloneQuestion, RecoveryQuestion, ResendQuestion } from "@sotto/client";
import type { JSX } from "preact";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { useTask } from "../state/live.ts";
import { questionTitle } from "../state/questions.ts";
import { go } from "../state/route.ts";

/** A question, in full. */
export function Question({ question }: { question: RecoveryQuestion }): JSX.Element {
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
