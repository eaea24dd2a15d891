// Where a message is written: Enter sends, Shift+Enter makes a new line (with a touch keyboard, Enter makes a new line and the button
// sends). What is unfinished stays with its chat, on all devices: it is shared when the person pauses or leaves.

import type { Conversation } from "@sotto/client";
import type { JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { isMessengerError } from "../state/messenger.ts";
import { readPreferences, remember } from "../state/preferences.ts";

/** How long a pause in writing is, ms: each change that is shared is a cell for each other device. */
const PAUSE_MS = 2_000;
/** What is not kept by the account yet, or does not fit it. */
const drafts = new Map<string, string>();

/** The composer of a conversation. */
export function Composer({ conversation }: { conversation: Conversation }): JSX.Element {
  const [text, setText] = useState(drafts.get(conversation.id) ?? conversation.state.get().draft);
  const [problem, setProblem] = useState<unknown>();
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();

  const change = (next: string): void => {
    setText(next);
    setProblem(undefined);
    drafts.set(conversation.id, next);
  };

  // Shared after a pause, and at once when the person leaves.
  useEffect(() => {
    const pause = setTimeout(() => void share(conversation), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [text]);
  useEffect(() => {
    const leave = (): void => {
      if (document.visibilityState === "hidden") void share(conversation);
    };
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      void share(conversation);
    };
  }, []);

  // Another device went on with it: what nobody touches here follows.
  useEffect(
    () =>
      conversation.state.subscribe(({ draft }) => {
        if (!drafts.has(conversation.id)) setText(draft);
      }),
    [],
  );

  // With a mouse and keys, an open chat is there to be written in; on a phone the keyboard would cover it.
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) field.current?.focus({ preventScroll: true });
  }, []);

  // Where the browser cannot grow the field with its text (field-sizing), this does.
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null || CSS.supports("field-sizing", "content")) return;
    element.style.blockSize = "auto";
    element.style.blockSize = `${element.scrollHeight}px`;
  }, [text]);

  const send = (): void => {
    const words = text.trim();
    if (words === "") return;
    change("");
    field.current?.focus();
    conversation.send(words).then(
      () => remember({ sent: readPreferences().sent + 1 }),
      (error: unknown) => {
        // Nothing was sent: the words come back, before whatever was typed since.
        const since = drafts.get(conversation.id) ?? "";
        change(since === "" ? words : `${words}\n${since}`);
        setProblem(error);
      },
    );
  };

  return (
    <form
      class="composer"
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {/* That a contact was restored elsewhere is asked right above (questions.tsx). */}
      {!isMessengerError(problem, "identity/changed") && <ProblemNotice problem={problem} />}
      <div class="composer-line">
        <label class="unseen" for={id}>
          Message
        </label>
        <textarea
          ref={field}
          id={id}
          class="composer-field"
          rows={1}
          dir="auto"
          placeholder="Message"
          value={text}
          enterkeyhint={touches() ? "enter" : "send"}
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || touches()) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="icon-button send" aria-label="Send" disabled={text.trim() === ""}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/** Keeps what is unfinished in the account; what does not fit it stays here while the app is open. */
async function share(conversation: Conversation): Promise<void> {
  const text = drafts.get(conversation.id);
  if (text === undefined) return;
  try {
    await conversation.setDraft(text);
    if (drafts.get(conversation.id) === text) drafts.delete(conversation.id);
  } catch {
    // It is tried again at the next pause.
  }
}

const touches = (): boolean => matchMedia("(pointer: coarse)").matches;
