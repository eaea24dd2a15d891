// An account from its 24 words, and contacts and messages from a backup.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { FileInput } from "../parts/file-input.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { PlainPage } from "../parts/plain-page.tsx";
import { NameInput } from "../parts/name-input.tsx";
import { lookAt } from "../phrase/entry.ts";
import { WordsField } from "../phrase/words-field.tsx";
import { restoreHere } from "../state/account.ts";
import { useTask } from "../state/live.ts";

/** Where contacts and messages come from. */
type Source = "none" | "relay" | "file";

const SOURCES: readonly { value: Source; title: string; hint: string }[] = [
  { value: "none", title: "No backup", hint: "The account comes back without them." },
  { value: "relay", title: "Look at the relay", hint: "The newest backup that it keeps for you." },
  { value: "file", title: "I have a backup file", hint: "Saved on any of your devices." },
];

/** Restores an account on this device. */
export function Restore(): JSX.Element {
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const [source, setSource] = useState<Source>("none");
  const [file, setFile] = useState<File>();
  const task = useTask();
  const chosen = source === "file" ? file : source === "relay" ? source : undefined;
  const knowsName = source === "none" ? name.trim() !== "" : chosen !== undefined;
  const ready = lookAt(text, false).complete && knowsName && !task.busy;
  const restore = (): void => {
    if (ready) task.run(() => restoreHere(text, { name: source === "none" ? name.trim() : "", backup: chosen }));
  };
  const choose = (from: Source): void => {
    task.clear();
    setSource(from);
  };
  return (
    <PlainPage title="Your 24 words">
      <p>They bring your account to this device. Your contacts see that a device was added.</p>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          restore();
        }}
      >
        <WordsField
          autofocus
          value={text}
          onInput={(typed) => {
            task.clear();
            setText(typed);
          }}
        />
        <fieldset class="modes">
          <legend class="field-label">Contacts and messages</legend>
          {SOURCES.map(({ value, title, hint }) => (
            <label class="mode" key={value}>
              <input type="radio" name="source" checked={source === value} onChange={() => choose(value)} />
              <span>
                <strong>{title}</strong>
                <small>{hint}</small>
              </span>
            </label>
          ))}
        </fieldset>
        {source === "file" && <FileInput label="The backup file" onFile={setFile} />}
        {source === "none" && <NameInput value={name} onInput={setName} hint="Your words do not know it: say it once more." />}
        <ProblemNotice problem={task.problem} onRetry={restore} />
        <button type="submit" class="button primary large" disabled={!ready} aria-busy={task.busy}>
          {task.busy ? "Restoring…" : "Restore"}
        </button>
      </form>
    </PlainPage>
  );
}
