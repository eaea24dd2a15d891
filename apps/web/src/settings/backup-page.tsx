// Backups: kept at the relay or not, saved to a file, and brought back. What is in one, and that only the words open it, is the client's.

import type { BackupSource, Client } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FileInput } from "../parts/file-input.tsx";
import { Notice, ProblemNotice } from "../parts/notice.tsx";
import { brokenOff } from "../state/account.ts";
import { useLive, useTask } from "../state/live.ts";
import { saveFile } from "../state/save-file.ts";
import { fullOf } from "../state/times.ts";

/** How often the relay is given a new one. */
const EVERY = "7d";

/** The page of backups. */
export function BackupPage({ client }: { client: Client }): JSX.Element {
  const recovery = useLive(client.recovery.status);
  return (
    <>
      <p>A backup holds your contacts and messages, sealed so that your 24 words open it and nothing else does.</p>
      <AtRelay client={client} />
      <ToFile client={client} />
      {recovery === "linked" ? (
        <p class="hint">A backup is opened on a device that holds your 24 words, or when you restore your account.</p>
      ) : (
        <BringBack client={client} />
      )}
    </>
  );
}

function AtRelay({ client }: { client: Client }): JSX.Element {
  const { every, last, error } = useLive(client.backups.status);
  const task = useTask();
  const [wanted, setWanted] = useState(false);
  // What was chosen is shown at once.
  const kept = task.busy ? wanted : every !== undefined;
  const keep = (choice: boolean): void => {
    if (!task.busy) setWanted(choice);
    task.run(async () => await client.backups.schedule(choice ? { every: EVERY, to: "relay" } : null));
  };
  const again = useTask();
  const now = (): void => again.run(async (signal) => await client.backups.upload({ signal }));
  const problem = task.problem ?? again.problem ?? error;
  return (
    <>
      <fieldset class="modes" aria-busy={task.busy}>
        <legend class="field-label">At the relay</legend>
        <label class="mode">
          <input type="radio" name="keep" checked={kept} onChange={() => keep(true)} />
          <span>
            <strong>Keep one</strong>
            <small>Made every week by itself, and found from your words.</small>
          </span>
        </label>
        <label class="mode">
          <input type="radio" name="keep" checked={!kept} onChange={() => keep(false)} />
          <span>
            <strong>Keep none</strong>
            <small>What the relay has is gone after 90 days.</small>
          </span>
        </label>
      </fieldset>
      <p class="hint" role="status">
        {last !== undefined
          ? `The newest is of ${fullOf(last)}.`
          : kept && problem === undefined
            ? "The first one is being made."
            : "The relay has none of this device."}
      </p>
      <ProblemNotice problem={problem} onRetry={task.problem === undefined ? now : undefined} />
    </>
  );
}

function ToFile({ client }: { client: Client }): JSX.Element {
  const task = useTask();
  const save = (): void =>
    task.run(async (signal) => {
      const file = await new Response(client.backups.export({ signal })).blob();
      saveFile(file, `sotto-${new Date().toISOString().slice(0, 10)}.backup`);
    });
  return (
    <>
      <ProblemNotice problem={task.problem} onRetry={save} />
      <button type="button" class="button primary" disabled={task.busy} aria-busy={task.busy} onClick={save}>
        Save a backup file
      </button>
    </>
  );
}

function BringBack({ client }: { client: Client }): JSX.Element {
  const [opened] = useState(brokenOff.peek() !== undefined);
  const [came, setCame] = useState<number>();
  const task = useTask();
  const problem = task.problem ?? brokenOff.value;
  const bring = (from: BackupSource): void => {
    setCame(undefined);
    brokenOff.value = undefined;
    task.run(async (signal) => setCame((await client.backups.import(from, { signal })).messages));
  };
  return (
    <details open={opened}>
      <summary>Bring something back</summary>
      <div class="tab-panel">
        <p class="hint">What is here stays as it is, and nothing comes twice.</p>
        {task.busy && (
          <p class="hint" role="status">
            Reading…
          </p>
        )}
        {came !== undefined && (
          <Notice
            tone="good"
            icon="check"
            title={came === 0 ? "Nothing was missing" : came === 1 ? "1 message came back" : `${came.toLocaleString()} messages came back`}
            role="status"
          />
        )}
        <ProblemNotice problem={problem} />
        <FileInput label="From a backup file" disabled={task.busy} onFile={bring} />
        <button type="button" class="button" disabled={task.busy} onClick={() => bring("relay")}>
          From the relay
        </button>
      </div>
    </details>
  );
}
