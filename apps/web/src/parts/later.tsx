// Screens that are not needed for the first look are loaded later: when they are opened, or before that, once the app is at rest.
// Takes an import, gives a component. Not its concern: which screens.

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ProblemNotice } from "./notice.tsx";

const waiting: (() => Promise<unknown>)[] = [];

/** A component whose code comes later. Until then nothing is shown; when it cannot come (offline, a new version), that is said. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element | null {
  let loaded: ComponentType<P> | undefined;
  const fetchOnce = async (): Promise<void> => {
    loaded ??= await load();
  };
  waiting.push(fetchOnce);
  return function Later(props: P): JSX.Element | null {
    const [, setRound] = useState(0);
    const [problem, setProblem] = useState<unknown>();
    useEffect(() => {
      if (loaded === undefined) fetchOnce().then(() => setRound(1), setProblem);
    }, []);
    if (problem !== undefined) return <ProblemNotice problem={problem} />;
    return loaded === undefined ? null : jsxOf(loaded, props);
  };
}

/** Loads everything that is still to come, one after the other and `more` last, so that it is there when the network is not. */
export async function loadTheRest(more: () => Promise<void>): Promise<void> {
  for (const load of [...waiting, more]) {
    try {
      await load();
    } catch {
      // It is asked for again when it is opened.
    }
  }
}

function jsxOf<P extends object>(Loaded: ComponentType<P>, props: P): JSX.Element {
  return <Loaded {...props} />;
}
