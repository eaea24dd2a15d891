// A sheet over the app: a modal <dialog>, so that focus stays in it, Escape closes it, and focus returns to where it was.
// Full screen on a phone, a card elsewhere (sheet.css). Not its concern: what is in it, where closing leads.

import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./icon.tsx";

interface SheetProps {
  title: string;
  onClose: () => void;
  /** Present when the sheet is a page behind another one. */
  onBack?: (() => void) | undefined;
  children: ComponentChildren;
}

/** A modal sheet with a title. */
export function Sheet({ title, onClose, onBack, children }: SheetProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The title is read first; from there Tab leads through the sheet. A field that wants the focus takes it (autofocus).
    if (element?.querySelector("[autofocus]") === null) heading.current?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        // Outside of the card is the dialog itself: its content fills it to the edge.
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="sheet-card">
        <header class="sheet-head">
          {onBack !== undefined && (
            <button type="button" class="icon-button" aria-label="Back" onClick={onBack}>
              <Icon name="back" />
            </button>
          )}
          <h2 id={id} ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div class="sheet-body">{children}</div>
      </div>
    </dialog>
  );
}
