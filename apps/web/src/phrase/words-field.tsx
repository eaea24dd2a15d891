// The field in which a person types their 24 words: looked at while they are typed, each with its mark and suggestions; a whole pasted phrase
// works, numbered or not. Takes and gives the text. Not its concern: whether the words together are an account's.

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { lookAt, replaceWord, WORDS } from "./entry.ts";
import { WordMarks } from "./word-marks.tsx";

/** The field. `hint`: what becomes of the words. */
export function WordsField(props: { value: string; onInput: (text: string) => void; hint?: string; autofocus?: boolean }): JSX.Element {
  const { value, onInput } = props;
  const [editing, setEditing] = useState(true);
  const id = useId();
  const entry = lookAt(value, editing);
  return (
    <>
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
        autofocus={props.autofocus}
        aria-describedby={`${id}-state`}
        value={value}
        onBlur={() => setEditing(false)}
        onInput={(event) => {
          setEditing(true);
          onInput(event.currentTarget.value);
        }}
      />
      <p class="hint" id={`${id}-state`} role="status">
        {entry.words.length === 0 && props.hint !== undefined
          ? props.hint
          : entry.wrong > 0
            ? `${entry.wrong === 1 ? "One word is" : `${entry.wrong} words are`} not in the list`
            : `${Math.min(entry.words.length, WORDS)} of ${WORDS} words`}
      </p>
      <WordMarks entry={entry} onReplace={(position, word) => onInput(replaceWord(value, position, word))} />
    </>
  );
}
