// Whose invite this is, and until when: a look before anything is written anywhere. Then one tap accepts it.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { Avatar } from "../parts/avatar.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { usePromise, useTask } from "../state/live.ts";
import { go } from "../state/route.ts";
import { fullOf } from "../state/times.ts";
import { useState } from "preact/hooks";

/** The preview of an invite; `inPerson`: the camera read it off the other person's screen. */
export function InviteView(props: { client: Client; text: string; inPerson?: boolean; onBack: () => void }): JSX.Element {
  const { client, text, inPerson = false, onBack } = props;
  const [round, setRound] = useState(0);
  const { value: preview, problem } = usePromise(() => client.invites.preview(text), [text, round]);
  const task = useTask();
  const accept = (): void =>
    task.run(async (signal) => {
      const conversation = await client.invites.accept(text, { inPerson, signal });
      go({ at: "chat", id: conversation.id }, { replace: true });
    });
  if (problem !== undefined) {
    return (
      <>
        <ProblemNotice problem={problem} onRetry={() => setRound(round + 1)} />
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
      </>
    );
  }
  if (preview === undefined) return <p role="status">Looking at the invite…</p>;
  return (
    <div class="who-card">
      <Avatar id={preview.id} name={preview.name} />
      <p class="who-name">
        <bdi>{preview.name}</bdi>
      </p>
      <p class="hint">invites you to talk. Valid until {fullOf(preview.expires)}.</p>
      <ProblemNotice problem={task.problem} onRetry={accept} />
      <div class="button-row">
        <button type="button" class="button primary" disabled={task.busy} aria-busy={task.busy} onClick={accept}>
          {task.busy ? "One moment…" : "Accept"}
        </button>
        <button type="button" class="button" onClick={onBack}>
          Not now
        </button>
      </div>
    </div>
  );
}
