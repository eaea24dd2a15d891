// Whether there is room for three panes beside each other.

import { useEffect, useState } from "preact/hooks";

/** From this width on, the same number as in panes.css. */
const WIDE = "(min-width: 1100px)";

/** True while the details stand beside the chat instead of over it. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const changed = (): void => setWide(query.matches);
    changed();
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return wide;
}
