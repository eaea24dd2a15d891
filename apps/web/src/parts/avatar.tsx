// A person's mark: the first letter of the name on one of eight quiet colours that their id chooses. No pictures.

import type { JSX } from "preact";
import { Icon } from "./icon.tsx";

const COLOURS = 8;

/** The mark of a person; `id` gives the colour, so that two of one name look different. */
export function Avatar({ id, name, notes = false }: { id: string; name: string; notes?: boolean }): JSX.Element {
  return (
    <span class={`avatar tint-${notes ? "notes" : tintOf(id)}`} aria-hidden="true">
      {notes ? <Icon name="note" /> : initialOf(name)}
    </span>
  );
}

/** The first letter that can be shown, in upper case; a dot for a name without any. */
export function initialOf(name: string): string {
  for (const { segment } of new Intl.Segmenter().segment(name.trim())) {
    if (/[\p{L}\p{N}\p{Emoji_Presentation}]/u.test(segment)) return segment.toLocaleUpperCase();
  }
  return "·";
}

function tintOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return sum % COLOURS;
}
