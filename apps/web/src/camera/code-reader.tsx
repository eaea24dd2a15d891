// Reading a code of another screen: by the camera where there is one, else, and always as the other choice, as pasted text.

import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { type CameraTrouble, mayHaveCamera, Scanner } from "./scanner.tsx";

const TROUBLE: Record<CameraTrouble, string> = {
  refused: "The camera may not be used here. Allow it in the browser’s settings, or paste the code as text.",
  missing: "No camera was found. Paste the code as text.",
  busy: "The camera is used by something else. Close that, or paste the code as text.",
};

interface CodeReaderProps {
  /** What is to be read, for instance "the code on your other device". */
  what: string;
  /** Name of the text field. */
  fieldLabel: string;
  /** What the button under the text field says. */
  action: string;
  busy?: boolean;
  /** `typed`: it came as text, not from the camera. */
  onText: (text: string, typed: boolean) => void;
  /** Shown between the reader and the other way, for instance a problem. */
  children?: ComponentChildren;
  /** Start with the text field even if there is a camera. */
  startWithText?: boolean;
}

/** A camera view or a text field, with a way to the other. */
export function CodeReader(props: CodeReaderProps): JSX.Element {
  const [mode, setMode] = useState<"camera" | "text">(props.startWithText === true || !mayHaveCamera() ? "text" : "camera");
  const [trouble, setTrouble] = useState<CameraTrouble>();
  const [text, setText] = useState("");
  const id = useId();
  return (
    <div class="code-reader">
      {mode === "camera" ? (
        <Scanner
          label={`Camera: looking for ${props.what}`}
          onText={(found) => props.onText(found, false)}
          onTrouble={(found) => {
            setTrouble(found);
            setMode("text");
          }}
        />
      ) : (
        <form
          class="field"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== "") props.onText(text.trim(), true);
          }}
        >
          {trouble !== undefined && <p class="hint">{TROUBLE[trouble]}</p>}
          <label class="field-label" for={id}>
            {props.fieldLabel}
          </label>
          <textarea
            id={id}
            class="input mono"
            rows={3}
            spellcheck={false}
            autocapitalize="none"
            autocomplete="off"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit" class="button primary" disabled={text.trim() === "" || props.busy === true}>
            {props.action}
          </button>
        </form>
      )}
      {props.children}
      {mode === "camera" ? (
        <button type="button" class="button link" onClick={() => setMode("text")}>
          <Icon name="pen" />
          Paste it as text
        </button>
      ) : (
        trouble === undefined &&
        mayHaveCamera() && (
          <button type="button" class="button link" onClick={() => setMode("camera")}>
            <Icon name="camera" />
            Use the camera
          </button>
        )
      )}
    </div>
  );
}
