// Bridges from what the client gives (Live values, promises) to what a view needs. Takes a Live or a call, gives what to render.
// Not its concern: which values, which calls.

import type { Live } from "@sotto/client";
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { isAbort } from "./problem.ts";

/** Renders again whenever `live` changes, and returns what it holds now. */
export function useLive<T>(live: Live<T>): T {
  const [, changed] = useReducer((count: number, _: undefined) => count + 1, 0);
  const shown = live.get();
  useEffect(() => {
    let first = true;
    return live.subscribe((value) => {
      // The first call is at once: it matters only if the value changed between rendering and subscribing.
      if (!first || value !== shown) changed(undefined);
      first = false;
    });
  }, [live]);
  return shown;
}

/** One thing the person asked for that takes time and may go wrong. */
export interface Task {
  busy: boolean;
  /** What went wrong the last time, until it is run again or cleared. */
  problem: unknown;
  run(work: (signal: AbortSignal) => Promise<void>): void;
  clear(): void;
}

/** A task of this view: `run` ignores clicks while busy, the signal aborts when the view goes away. */
export function useTask(): Task {
  const [state, setState] = useState<{ busy: boolean; problem: unknown }>({ busy: false, problem: undefined });
  const control = useRef<AbortController>(undefined);
  useEffect(() => () => control.current?.abort(), []);
  const run = useCallback((work: (signal: AbortSignal) => Promise<void>): void => {
    if (control.current !== undefined) return;
    const mine = new AbortController();
    control.current = mine;
    setState({ busy: true, problem: undefined });
    void work(mine.signal).then(
      () => settle(undefined),
      (error: unknown) => settle(isAbort(error) ? undefined : error),
    );
    function settle(problem: unknown): void {
      control.current = undefined;
      if (!mine.signal.aborted) setState({ busy: false, problem });
    }
  }, []);
  const clear = useCallback(() => setState({ busy: false, problem: undefined }), []);
  return { ...state, run, clear };
}

/** The value of a promise once it is there; a new promise starts again from `undefined`. */
export function usePromise<T>(make: () => Promise<T>, inputs: readonly unknown[]): { value?: T; problem?: unknown } {
  const [state, setState] = useState<{ value?: T; problem?: unknown }>({});
  useEffect(() => {
    let here = true;
    setState({});
    make().then(
      (value) => here && setState({ value }),
      (problem: unknown) => here && setState({ problem }),
    );
    return () => {
      here = false;
    };
  }, inputs);
  return state;
}
