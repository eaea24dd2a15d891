// The first screen: one name, Start. Two small links for those who already have an account elsewhere.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { NameInput } from "../parts/name-input.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { Wordmark } from "../parts/wordmark.tsx";
import { startAccount } from "../state/account.ts";
import { useTask } from "../state/live.ts";
import { go, route } from "../state/route.ts";

/** Makes an account. */
export function Start(): JSX.Element {
  const [name, setName] = useState("");
  const task = useTask();
  const ready = name.trim() !== "" && !task.busy;
  const start = (): void => task.run(() => startAccount(name.trim()));
  return (
    <main class="plain-screen">
      <div class="start">
        <Wordmark />
        <h1>Talk through a server that cannot listen.</h1>
        {route.value.at === "invited" && <p class="start-invited">You were invited. Say who you are, and answer.</p>}
        <form
          class="field"
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) start();
          }}
        >
          <NameInput
            value={name}
            onInput={setName}
            hint="Seen only by people you talk to. No number, no e-mail, no password."
            autofocus
            large
          />
          <ProblemNotice problem={task.problem} onRetry={start} />
          <button type="submit" class="button primary large" disabled={!ready} aria-busy={task.busy}>
            {task.busy ? "One moment…" : "Start"}
          </button>
        </form>
        <nav class="start-others" aria-label="Other ways to begin">
          <button type="button" class="button link" onClick={() => go({ at: "join" })}>
            I have another device
          </button>
          <button type="button" class="button link" onClick={() => go({ at: "restore" })}>
            I have 24 words
          </button>
        </nav>
      </div>
    </main>
  );
}
