// The field that takes a file of the person's.

import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** A labelled field; `onFile` is called with each file that is chosen. */
export function FileInput({
  label,
  disabled = false,
  onFile,
}: {
  label: string;
  disabled?: boolean;
  onFile: (file: File) => void;
}): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        class="input file-input"
        type="file"
        disabled={disabled}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}
