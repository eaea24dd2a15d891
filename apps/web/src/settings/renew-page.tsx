// "This device may be compromised": what is done about it and what it does not help against, the 24 words where this device does not hold them,
// and what was done. Takes the client. Not its concern: how a device becomes another one.

import type { Client } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { lookAt } from "../phrase/entry.ts";
import { WordsField } from "../phrase/words-field.tsx";
import { useLive, useTask } from "../state/live.ts";
import { back } from "../state/route.ts";

/** The page that makes this device another one. */
export function RenewPage({ client }: { client: Client }): JSX.Element {
  const needsWords = useLive(client.recovery.status) === "linked";
  const [words, setWords] = useState("");
  const [done, setDone] = useState(false);
  const task = useTask();
  const ready = !needsWords || lookAt(words, false).complete;
  const renew = (): void => {
    if (!ready) return;
    task.run(async (signal) => {
      await client.recovery.renewDevice(needsWords ? { phrase: words, signal } : { signal });
      setWords("");
      setDone(true);
    });
  };
  if (done) return <Done />;
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        renew();
      }}
    >
      <p>Do this when somebody may have had this device in their hands, or a copy of it.</p>
      <ul class="plain-points">
        <li>What a copy knows becomes worthless: it gets none of the messages that come after.</li>
        <li>Your chats and contacts stay here.</li>
        <li>Open invites end, and your contacts see that your devices changed.</li>
        <li>It does not help if a program on this device is spying on you. Then erase this device, and use another one.</li>
        <li>It does not help if somebody has your 24 words. Then begin a new account.</li>
      </ul>
      {needsWords && <WordsField value={words} onInput={setWords} hint="This device does not hold them, and does not keep them." />}
      <ProblemNotice problem={task.problem} />
      {task.busy && (
        <p class="hint" role="status">
          Reading what is still on its way to this device, then renewing it…
        </p>
      )}
      <button type="submit" class="button primary" disabled={!ready || task.busy} aria-busy={task.busy}>
        Renew this device
      </button>
    </form>
  );
}

function Done(): JSX.Element {
  return (
    <>
      <Notice
        tone="good"
        icon="check"
        title="This device is renewed"
        text="A copy of it gets nothing any more from those who have heard of it: your contacts do now, or when they are next online."
        role="status"
      />
      <p>Open invites have ended: make new ones. If you have other devices, look whether all of them are yours.</p>
      <button type="button" class="button primary" onClick={() => back()}>
        Done
      </button>
    </>
  );
}
