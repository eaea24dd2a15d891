// An account from its 24 words, and contacts and messages from a backup. Words are looked at while they are typed; a whole pasted phrase works, numbered or not.

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { FileInput } from "../parts/file-input.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { PlainPage } from "../parts/plain-page.tsx";
import { NameInput } from "../parts/name-input.tsx";
import { lookAt, replaceWord, WORDS } from "../phrase/entry.ts";
import { WordMarks } from "../phrase/word-marks.tsx";
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
  const [editing, setEditing] = useState(true);
  const task = useTask();
  const id = useId();
  const entry = lookAt(text, editing);
  const chosen = source === "file" ? file : source === "relay" ? source : undefined;
  const knowsName = source === "none" ? name.trim() !== "" : chosen !== undefined;
  const ready = entry.complete && knowsName && !task.busy;
  const restore = (): void => {
    setEditing(false);
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
        <label class="field-label" for={id}>
          Your 24 words
        </label>
        <textarea
          id={id}
          class="input words-input"
          rows={5}
          spellcheck={false}
          autocapitalize="none"
          autocomplete="off"
          autocorrect="off"
          autofocus
          aria-describedby={`${id}-state`}
          value={text}
          onBlur={() => setEditing(false)}
          onInput={(event) => {
            setEditing(true);
            task.clear();
            setText(event.currentTarget.value);
          }}
        />
        <p class="hint" id={`${id}-state`} role="status">
          {entry.wrong > 0
            ? `${entry.wrong === 1 ? "One word is" : `${entry.wrong} words are`} not in the list`
            : `${Math.min(entry.words.length, WORDS)} of ${WORDS} words`}
        </p>
        <WordMarks entry={entry} onReplace={(position, word) => setText(replaceWord(text, position, word))} />
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
