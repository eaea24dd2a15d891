// A text to take along (a link, a code): shown in a read-only field, with copy and, where the system has it, share.

import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** How long "Copied" is shown, in ms. */
const COPIED_MS = 2000;

/** A read-only text with a copy button. `share` offers the system's own sheet with these words before the link. */
export function CopyField({ label, text, share }: { label: string; text: string; share?: string }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const id = useId();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Not allowed here: leave it selected, so that the person can copy it by hand.
      field.current?.select();
    }
  };

  return (
    <div class="copy-field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input ref={field} id={id} class="input mono" readOnly value={text} onFocus={(event) => event.currentTarget.select()} />
      <div class="button-row">
        <button type="button" class="button" onClick={() => void copy()}>
          <Icon name={copied ? "check" : "copy"} />
          <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
        </button>
        {share !== undefined && canShare() && (
          <button type="button" class="button" onClick={() => void shareText(share, text)}>
            <Icon name="share" />
            Share
          </button>
        )}
      </div>
    </div>
  );
}

const canShare = (): boolean => typeof navigator.share === "function";

async function shareText(text: string, url: string): Promise<void> {
  try {
    await navigator.share({ text, url });
  } catch {
    // The person closed the system's sheet; there is nothing to say about it.
  }
}
