// The messages of a chat on the screen: a span of rows in the document, held in place, following only at the bottom.
// Takes a transcript. Not its concern: where messages come from, what a bubble looks like.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { ProblemNotice } from "../parts/notice.tsx";
import { dayOf } from "../state/times.ts";
import { Bubble } from "./bubble.tsx";
import { atBottom, bring, hold, release } from "./hold.ts";
import { type Row, rowsOf } from "./rows.ts";
import { afterAppend, bounds, NEWEST, newerSpan, olderSpan, type Span, spanAround } from "./span.ts";
import type { Transcript } from "./transcript.ts";

/** This near to an edge of the document's rows, in px, more rows are brought in. */
const EDGE_PX = 700;

/** What the next layout does with the scroll position. */
type Next = { to: "bottom" } | { to: "unread" } | { to: "held"; held: ReturnType<typeof hold> };

/** The scrolling list of a chat. `onRetry` opens the transcript anew after a problem. */
export function MessageList({ transcript, onRetry }: { transcript: Transcript; onRetry: () => void }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const messages = transcript.messages.value;
  const firstUnread = transcript.firstUnread.value;
  const notes = transcript.notes.value;
  const complete = transcript.complete.value;
  const opened = transcript.state.value === "open";
  const rows = useMemo(() => rowsOf(messages, { firstUnread, notes }), [messages, firstUnread, notes]);
  const [span, setSpan] = useState<Span>(NEWEST);
  const [away, setAway] = useState(false);
  const [missed, setMissed] = useState(0);
  const view = useRef({
    span,
    rows,
    following: true,
    placed: false,
    newest: undefined as string | undefined,
    next: undefined as Next | undefined,
  });
  const now = view.current;

  // New rows at the newest end: follow if the person is at the bottom or wrote them, else keep everything where it is.
  const newest = rows.at(-1)?.key;
  if (now.placed && newest !== now.newest) {
    const added = rows.length - 1 - rows.findIndex(({ key }) => key === now.newest);
    const last = rows.at(-1);
    if (last?.kind === "message" && last.message.mine) {
      now.next = { to: "bottom" };
      if (span !== NEWEST) setSpan(NEWEST);
    } else if (!now.following) {
      setSpan(afterAppend(span, added));
      setMissed(missed + added);
    }
  }
  // The document still shows the rows of before: this is the moment to see what the person looks at.
  if (now.placed && now.next === undefined && list.current !== null) {
    now.next = now.following ? { to: "bottom" } : { to: "held", held: hold(list.current) };
  }
  now.newest = newest;
  now.rows = rows;
  now.span = span;

  const { start, end } = bounds(span, rows.length);

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null || !opened) return;
    if (!now.placed) {
      now.placed = true;
      now.next = firstUnread === undefined ? { to: "bottom" } : { to: "unread" };
      const index = rows.findIndex(({ kind }) => kind === "unread");
      if (index >= 0 && (index < start || index >= end)) return setSpan(spanAround(index, rows.length));
    }
    const next = now.next;
    now.next = undefined;
    if (next?.to === "bottom") element.scrollTop = element.scrollHeight;
    else if (next?.to === "unread") bring(element, "unread");
    else if (next?.to === "held") release(element, next.held);
    now.following = span.below === 0 && atBottom(element);
  });

  // More rows at an edge that is in sight already; scrolling does the rest.
  useEffect(() => onScroll(), [rows.length, span.below, opened]);

  // The keyboard of a phone, a turned screen, a growing composer: whoever was at the bottom stays there.
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (now.following) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!opened) return;
    const read = (): void => {
      if (document.visibilityState === "visible" && document.hasFocus()) void transcript.conversation.markRead().catch(() => undefined);
    };
    read();
    document.addEventListener("visibilitychange", read);
    window.addEventListener("focus", read);
    return () => {
      document.removeEventListener("visibilitychange", read);
      window.removeEventListener("focus", read);
    };
  }, [opened, newest]);

  const onScroll = (): void => {
    const element = list.current;
    if (element === null || !now.placed) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    now.following = now.span.below === 0 && atBottom(element);
    setAway(now.span.below > 0 || below > element.clientHeight / 2);
    if (now.following) setMissed(0);
    if (element.scrollTop < EDGE_PX) {
      const older = olderSpan(now.span, now.rows.length);
      if (older !== now.span) setSpan(older);
      else void transcript.older();
    } else if (below < EDGE_PX) setSpan(newerSpan(now.span));
  };

  const toBottom = (): void => {
    now.next = { to: "bottom" };
    setMissed(0);
    setAway(false);
    setSpan(NEWEST);
  };

  return (
    <div class="messages-frame">
      <div
        ref={list}
        class="messages"
        role="log"
        aria-live="off"
        aria-label="Messages"
        tabIndex={0}
        onScroll={onScroll}
        aria-busy={!opened}
      >
        <ProblemNotice problem={transcript.problem.value} onRetry={onRetry} />
        {complete && start === 0 && opened && <Beginning transcript={transcript} />}
        {rows.slice(start, end).map((row) => (
          <RowView key={row.key} row={row} />
        ))}
      </div>
      {away && (
        <button type="button" class="to-bottom" onClick={toBottom}>
          <Icon name="down" />
          {missed > 0 ? `${missed} new` : <span class="unseen">To the newest message</span>}
        </button>
      )}
    </div>
  );
}

function RowView({ row }: { row: Row }): JSX.Element {
  switch (row.kind) {
    case "day":
      return (
        <div class="day" data-row={row.key}>
          <span>{dayOf(row.at, new Date())}</span>
        </div>
      );
    case "unread":
      return (
        <div class="unread-mark" data-row={row.key}>
          <span>New</span>
        </div>
      );
    case "note":
      return (
        <p class="chat-note" data-row={row.key}>
          {row.text}
        </p>
      );
    case "message":
      return <Bubble rowKey={row.key} message={row.message} first={row.first} last={row.last} />;
  }
}

function Beginning({ transcript }: { transcript: Transcript }): JSX.Element {
  const { conversation } = transcript;
  const { name, phase } = conversation.state.get();
  const words =
    conversation.kind === "notes"
      ? "Write anything. It goes to your own devices and nowhere else."
      : phase === "asking"
        ? `${name} has not answered yet. What you write is waiting for them.`
        : `Only you and ${name} can read what is written here.`;
  return <p class="chat-note beginning">{words}</p>;
}
