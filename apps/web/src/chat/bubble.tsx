// One message: its words, its time, its status. Long ones open on demand; links can be followed; what could not be read says so.

import type { Message } from "@sotto/client";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { problemOf } from "../state/problem.ts";
import { fullOf, timeOf } from "../state/times.ts";
import { type Piece, piecesOf } from "./links.ts";
import { StatusMark } from "./status-mark.tsx";

/** Longer texts, in UTF-16 code units or lines, begin folded. */
const FOLD_LENGTH = 1200;
const FOLD_LINES = 24;

/** A message; `first` and `last` of those of one author that stand together. */
export function Bubble(props: { rowKey: string; message: Message; first: boolean; last: boolean }): JSX.Element {
  const { message, first, last } = props;
  const { content, mine, status } = message;
  const failed = status.state === "failed";
  return (
    <article
      class="message"
      data-row={props.rowKey}
      data-mine={mine}
      data-first={first}
      data-last={last}
      aria-label={`${mine ? "You" : message.sender.name}, ${timeOf(message.sentAt)}`}
    >
      <div class={content.type === "unreadable" ? "bubble unreadable" : "bubble"}>
        {content.type === "text" ? <Words text={content.text} /> : <Unreadable error={content.error} />}
        {(last || failed) && (
          <span class="message-meta">
            <time dateTime={message.sentAt.toISOString()} title={fullOf(message.sentAt)}>
              {timeOf(message.sentAt)}
            </time>
            {mine && message.conversation.kind !== "notes" && <StatusMark status={status} />}
          </span>
        )}
      </div>
      {status.state === "failed" && (
        <p class="message-failed" role="alert">
          <span title={problemOf(status.error).text}>Not sent.</span>{" "}
          <button type="button" class="button link" onClick={() => void message.retry().catch(() => undefined)}>
            Try again
          </button>
        </p>
      )}
    </article>
  );
}

function Words({ text }: { text: string }): JSX.Element {
  const long = text.length > FOLD_LENGTH || text.split("\n", FOLD_LINES + 1).length > FOLD_LINES;
  const [folded, setFolded] = useState(long);
  return (
    <>
      <p class={folded ? "words folded" : "words"} dir="auto">
        {piecesOf(text).map((piece, index) => (
          <PieceView key={index} piece={piece} />
        ))}
      </p>
      {folded && (
        <button type="button" class="button link unfold" onClick={() => setFolded(false)}>
          Show all
        </button>
      )}
    </>
  );
}

function PieceView({ piece }: { piece: Piece }): JSX.Element {
  if (piece.href === undefined) return <>{piece.text}</>;
  return (
    <a href={piece.href} target="_blank" rel="noopener noreferrer" dir="ltr">
      {piece.text}
    </a>
  );
}

function Unreadable({ error }: { error: unknown }): JSX.Element {
  const { title, text } = problemOf(error);
  return (
    <p class="words">
      <Icon name="warning" />
      <strong>{title}</strong> {text}
    </p>
  );
}
