// Somebody who was found by address: what is known of them, the safety number to compare, and the way to write.

import type { Client, Found } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Avatar } from "../parts/avatar.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { SafetyNumberView } from "../parts/safety-number.tsx";
import { usePromise, useTask } from "../state/live.ts";
import { go } from "../state/route.ts";

/** Looks `who` up and shows what is there. */
export function FoundView({ client, who, onBack }: { client: Client; who: string; onBack: () => void }): JSX.Element {
  const [round, setRound] = useState(0);
  const { value: found, problem } = usePromise(() => client.address.find(who), [who, round]);
  const task = useTask();
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
  if (found === undefined) return <p role="status">Looking…</p>;
  const write = (): void =>
    task.run(async (signal) => {
      const conversation = await found.conversation({ signal });
      go({ at: "chat", id: conversation.id }, { replace: true });
    });
  return (
    <div class="who-card">
      <Avatar id={found.id} name={nameOf(found)} />
      <p class="who-name" dir="auto">
        {nameOf(found)}
      </p>
      {found.handle !== undefined && (
        <p class="hint">The relay says that this handle is theirs. To be sure, compare the safety number with them.</p>
      )}
      <details>
        <summary>Safety number</summary>
        <SafetyNumberView number={found.safetyNumber} />
      </details>
      <ProblemNotice problem={task.problem} onRetry={write} />
      <div class="button-row">
        <button type="button" class="button primary" disabled={task.busy} aria-busy={task.busy} onClick={write}>
          Write
        </button>
        <button type="button" class="button" onClick={onBack}>
          Back
        </button>
      </div>
    </div>
  );
}

function nameOf(found: Found): string {
  return found.handle === undefined ? `${found.id.slice(0, 12)}…${found.id.slice(-6)}` : `@${found.handle.replace(/^@/, "")}`;
}
