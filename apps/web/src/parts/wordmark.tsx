// The name, with the line under it that it is named for.

import type { JSX } from "preact";

/** "sotto". */
export function Wordmark({ small = false }: { small?: boolean }): JSX.Element {
  return <span class={small ? "wordmark small" : "wordmark"}>sotto</span>;
}
