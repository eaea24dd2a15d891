// What the keyboard does, as a list.

import type { JSX } from "preact";

const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ["Ctrl K  or  /", "Find a chat"],
  ["↑ ↓", "Move in the list of chats"],
  ["Enter", "Open a chat; send a message"],
  ["Shift Enter", "New line in a message"],
  ["Esc", "Close what is open"],
  ["?", "This list"],
];

/** All shortcuts. */
export function HelpPage(): JSX.Element {
  return (
    <dl class="keys">
      {KEYS.map(([keys, meaning]) => (
        <div key={keys}>
          <dt>{keys.split("  ").map((key) => (key === "or" ? " or " : <kbd key={key}>{key}</kbd>))}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}
