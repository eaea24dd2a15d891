// The filter of the chat list, and moving through the list with the arrow keys. Its order is the client's.

/** Whether a name has every word of the filter in it, whatever the case and the accents. */
export function matches(name: string, filter: string): boolean {
  const plain = fold(name);
  return fold(filter)
    .split(/\s+/)
    .every((word) => plain.includes(word));
}

/** Moves the focus with the arrow keys, Home and End among the chats of a list. */
export function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  if (list === null) return;
  const rows = [...list.querySelectorAll<HTMLElement>(".chat-row")];
  const index = rows.indexOf(document.activeElement as HTMLElement);
  const target = targetOf(event.key, index, rows.length);
  if (target === undefined) return;
  event.preventDefault();
  rows[target]?.focus();
}

/** Where a key leads from `index` in a list of `length`, or undefined if it means nothing here. */
export function targetOf(key: string, index: number, length: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return Math.min(length - 1, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "Home":
      return 0;
    case "End":
      return length - 1;
    default:
      return undefined;
  }
}

const fold = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase().trim();
