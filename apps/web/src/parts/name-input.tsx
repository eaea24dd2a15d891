// The field for one's own name.

import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** Longest name, in UTF-16 code units: fits every place it is shown in, and what the client takes. */
export const NAME_LENGTH = 60;

interface NameInputProps {
  value: string;
  hint: string;
  onInput: (name: string) => void;
  autofocus?: boolean;
  large?: boolean;
}

/** "Your name", with a line below that says who sees it. */
export function NameInput({ value, hint, onInput, autofocus = false, large = false }: NameInputProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        Your name
      </label>
      <input
        id={id}
        class={large ? "input large" : "input"}
        value={value}
        maxLength={NAME_LENGTH}
        dir="auto"
        autocomplete="nickname"
        autofocus={autofocus}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
