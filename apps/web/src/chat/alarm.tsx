// What is asked about a contact whose account was restored elsewhere: whether it was them. Takes the contact; what the person answers is kept.
// Not its concern: comparing safety numbers (verification.tsx).

import type { Contact } from "@sotto/client";
import type { JSX } from "preact";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { useTask } from "../state/live.ts";

/** The alarm; `blocked`: they were verified, and nothing is sent until it is answered. */
export function Alarm({ contact, blocked }: { contact: Contact; blocked: boolean }): JSX.Element {
  const task = useTask();
  const judge = (as: boolean): void => task.run(() => contact.setVerified(as));
  const text = `Their account was restored on another device. That was ${contact.name}, or somebody who has their 24 words. The safety number cannot tell: ask them, not in this chat.`;
  return (
    <section aria-label={`Was it ${contact.name}?`}>
      <Notice tone="bad" icon="warning" title={`Was it ${contact.name}?`} text={blocked ? `${text} Until then nothing is sent.` : text}>
        <button type="button" class="button" disabled={task.busy} onClick={() => judge(blocked)}>
          It was them
        </button>
        {blocked && (
          <button type="button" class="button" disabled={task.busy} onClick={() => judge(false)}>
            Go on unverified
          </button>
        )}
      </Notice>
      <ProblemNotice problem={task.problem} />
    </section>
  );
}
