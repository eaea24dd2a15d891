// The words that were typed, each with its number, and a suggestion to tap where one is not right.

import type { JSX } from "preact";
import type { Entry } from "./entry.ts";

/** Marks for each word; `onReplace` takes a 0-based position and the word that was chosen for it. */
export function WordMarks({ entry, onReplace }: { entry: Entry; onReplace: (position: number, word: string) => void }): JSX.Element | null {
  if (entry.words.length === 0) return null;
  return (
    <ol class="word-marks" aria-label="Words so far">
      {entry.words.map(({ word, state, suggestions }, index) => (
        <li key={index} class={state}>
          <span class="word-number">{index + 1}</span>
          <span class="word">{word}</span>
          {state === "wrong" && <span class="unseen">is not in the list</span>}
          {state !== "right" && suggestions.length > 0 && (
            <span class="word-suggestions">
              {suggestions.map((suggestion) => (
                <button key={suggestion} type="button" class="chip" onClick={() => onReplace(index, suggestion)}>
                  {suggestion}
                </button>
              ))}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
