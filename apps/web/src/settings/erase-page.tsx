// Taking the account off this device: said plainly, done only after the person typed their name.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { eraseHere } from "../state/account.ts";
import { useLive, useTask } from "../state/live.ts";
import { go } from "../state/route.ts";

/** The page that erases. */
export function ErasePage({ client }: { client: Client }): JSX.Element {
  const { name } = useLive(client.profile);
  const recovery = useLive(client.recovery.status);
  const devices = useLive(client.devices.list);
  const [typed, setTyped] = useState("");
  const task = useTask();
  const id = useId();
  const sure = typed.trim() === name;
  const lastChance = devices.length === 1 && recovery !== "confirmed";
  const erase = (): void => task.run(() => eraseHere(client));
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (sure) erase();
      }}
    >
      <p>All messages and contacts are erased from this device. Other devices of yours keep theirs.</p>
      {lastChance && (
        <Notice
          tone="bad"
          icon="warning"
          title="This is the only device, and your 24 words are not written down"
          text="Without them nobody can bring this account back, not even you."
        >
          <button type="button" class="button quiet" onClick={() => go({ at: "settings", page: "words" }, { replace: true })}>
            Your 24 words
          </button>
        </Notice>
      )}
      <label class="field-label" for={id}>
        Type your name, {name}, to confirm
      </label>
      <input id={id} class="input" dir="auto" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      <ProblemNotice problem={task.problem} onRetry={erase} />
      <button type="submit" class="button danger" disabled={!sure || task.busy} aria-busy={task.busy}>
        Erase it here
      </button>
    </form>
  );
}
