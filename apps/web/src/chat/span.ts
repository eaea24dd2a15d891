// Which rows of a long chat are in the document: a span of at most SPAN_ROWS, counted from the newest row, so that older
// history can be put before it without moving it. Pure numbers. Not its concern: pixels (hold.ts) and loading (transcript.ts).

/** Rows in the document at most: with separators well under the 300 that stay smooth on a phone. */
export const SPAN_ROWS = 240;
/** How far the span moves when the person scrolls to its edge; more than a screen, less than half a span, so that rows in sight stay. */
export const STEP_ROWS = 80;

/** `below`: how many newer rows are left out. 0 means that the newest row is in the document. */
export interface Span {
  readonly below: number;
}

/** The span that shows the newest rows. */
export const NEWEST: Span = { below: 0 };

/** First and last+1 index of the rows in the document, of `total` rows. */
export function bounds(span: Span, total: number): { start: number; end: number } {
  const end = Math.max(Math.min(total, SPAN_ROWS), total - span.below);
  return { start: Math.max(0, end - SPAN_ROWS), end };
}

/** Moves towards older rows; the same span if there are none that are loaded. */
export function olderSpan(span: Span, total: number): Span {
  const { start } = bounds(span, total);
  return start === 0 ? span : { below: span.below + Math.min(STEP_ROWS, start) };
}

/** Moves towards newer rows. */
export function newerSpan(span: Span): Span {
  return span.below <= STEP_ROWS ? NEWEST : { below: span.below - STEP_ROWS };
}

/** Keeps the same rows in the document after `added` rows joined at the newest end; the newest span stays the newest, it has room. */
export function afterAppend(span: Span, added: number): Span {
  return span.below === 0 || added <= 0 ? span : { below: span.below + added };
}

/** A span that has row `index` in it, with room around. */
export function spanAround(index: number, total: number): Span {
  return { below: Math.max(0, total - Math.max(index + SPAN_ROWS / 2, SPAN_ROWS)) };
}
