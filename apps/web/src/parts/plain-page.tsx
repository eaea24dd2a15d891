// A page before there is an account: the name, a way back, a title, one thing to do.

import type { ComponentChildren, JSX } from "preact";
import { back } from "../state/route.ts";
import { Icon } from "./icon.tsx";
import { Wordmark } from "./wordmark.tsx";

/** A page with a way back to the first screen. */
export function PlainPage({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <main class="plain-screen">
      <div class="plain-page">
        <header class="plain-head">
          <button type="button" class="icon-button" aria-label="Back" onClick={() => back()}>
            <Icon name="back" />
          </button>
          <Wordmark small />
        </header>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
