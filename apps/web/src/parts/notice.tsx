// What a screen says when something went wrong or needs a word: a title, a sentence, a way on.

import type { ComponentChildren, JSX } from "preact";
import { problemOf } from "../state/problem.ts";
import { Icon, type IconName } from "./icon.tsx";

/** A problem with its way on. Renders nothing without a problem. `onRetry` is offered only where the same again can help. */
export function ProblemNotice({
  problem,
  onRetry,
  onClose,
}: {
  problem: unknown;
  onRetry?: (() => void) | undefined;
  onClose?: (() => void) | undefined;
}): JSX.Element | null {
  if (problem === undefined) return null;
  const { title, text, way } = problemOf(problem);
  return (
    <Notice tone="bad" icon="warning" title={title} text={text} role="alert">
      {way === "retry" && onRetry !== undefined && (
        <button type="button" class="button quiet" onClick={onRetry}>
          Try again
        </button>
      )}
      {way === "reload" && (
        <button type="button" class="button quiet" onClick={() => location.reload()}>
          Load Sotto again
        </button>
      )}
      {onClose !== undefined && (
        <button type="button" class="button quiet" onClick={onClose}>
          Close
        </button>
      )}
    </Notice>
  );
}

/** A framed word. */
export function Notice(props: {
  tone: "bad" | "good" | "plain";
  icon: IconName;
  title: string;
  text?: string;
  role?: "alert" | "status";
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`notice ${props.tone}`} role={props.role}>
      <Icon name={props.icon} />
      <div class="notice-words">
        <strong>{props.title}</strong>
        {props.text !== undefined && <p>{props.text}</p>}
        <div class="notice-ways">{props.children}</div>
      </div>
    </div>
  );
}
