// A name that can be changed: a field, and a button once there is something to save.

import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useTask } from "../state/live.ts";
import { NAME_LENGTH } from "./name-input.tsx";
import { ProblemNotice } from "./notice.tsx";

/** A field for `name`; `save` gets the new one, trimmed and not empty. */
export function NameField(props: {
  label: string;
  name: string;
  hint?: string;
  save: (name: string, signal: AbortSignal) => Promise<void>;
}): JSX.Element {
  const { label, name: known, hint, save } = props;
  const [name, setName] = useState(known);
  const task = useTask();
  const id = useId();
  const changed = name.trim() !== "" && name.trim() !== known;
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) task.run((signal) => save(name.trim(), signal));
      }}
    >
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="field-line">
        <input
          id={id}
          class="input"
          dir="auto"
          maxLength={NAME_LENGTH}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        {changed && (
          <button type="submit" class="button" disabled={task.busy}>
            Save
          </button>
        )}
      </div>
      {hint !== undefined && <p class="hint">{hint}</p>}
      <ProblemNotice problem={task.problem} />
    </form>
  );
}
