// Keeps what the person reads in its place while rows come and go around it. Works on one scrolling element whose rows carry `data-row`.

/** A row in sight and where its top edge is, relative to the list's. */
interface Held {
  key: string;
  top: number;
}

/** This near to the bottom counts as at the bottom, in px: a little more than a line. */
const NEAR_PX = 48;

/** The first message that is in sight now. A day's separator will not do: it moves when older messages of that day come before it. */
export function hold(list: HTMLElement): Held | undefined {
  const edge = list.getBoundingClientRect().top;
  for (const row of list.querySelectorAll<HTMLElement>("article[data-row]")) {
    const { top, bottom } = row.getBoundingClientRect();
    const key = row.dataset["row"];
    if (bottom > edge && key !== undefined) return { key, top: top - edge };
  }
  return undefined;
}

/** Scrolls so that the held row is where it was. Without it (it left the document) nothing moves. */
export function release(list: HTMLElement, held: Held | undefined): void {
  const row = held === undefined ? null : findRow(list, held.key);
  if (held === undefined || row === null) return;
  const top = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
  list.scrollTop += top - held.top;
}

/** Scrolls so that a row stands in the upper part of the list. */
export function bring(list: HTMLElement, key: string): boolean {
  const row = findRow(list, key);
  if (row === null) return false;
  list.scrollTop += row.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 5;
  return true;
}

/** Whether the newest row is in sight. */
export function atBottom(list: HTMLElement): boolean {
  return list.scrollHeight - list.scrollTop - list.clientHeight <= NEAR_PX;
}

function findRow(list: HTMLElement, key: string): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`);
}
