// An account from its 24 words. Words are looked at while they are typed; a whole pasted phrase works, numbered or not.

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { ProblemNotice } from "../parts/notice.tsx";
import { PlainPage } from "../parts/plain-page.tsx";
import { NameInput } from "../parts/name-input.tsx";
import { lookAt, replaceWord, WORDS } from "../phrase/entry.ts";
import { WordMarks } from "../phrase/word-marks.tsx";
import { restoreHere } from "../state/account.ts";
import { useTask } from "../state/live.ts";

/** Restores an account on this device. */
export function Restore(): JSX.Element {
  const [text, setText] = useState("");
  const [name, setName] = useState("");
  const [editing, setEditing] = useState(true);
  const task = useTask();
  const id = useId();
  const entry = lookAt(text, editing);
  const ready = entry.complete && name.trim() !== "" && !task.busy;
  const restore = (): void => {
    setEditing(false);
    if (ready) task.run(() => restoreHere(text, name.trim()));
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
        <NameInput value={name} onInput={setName} hint="Your words do not know it: say it once more." />
        <ProblemNotice problem={task.problem} onRetry={restore} />
        <button type="submit" class="button primary large" disabled={!ready} aria-busy={task.busy}>
          {task.busy ? "Restoring…" : "Restore"}
        </button>
      </form>
    </PlainPage>
  );
}
