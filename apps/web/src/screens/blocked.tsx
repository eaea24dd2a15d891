// When nothing can be done in here: the page came over an insecure connection, or another tab has the account.

import type { JSX } from "preact";
import { Wordmark } from "../parts/wordmark.tsx";
import { openHere } from "../state/account.ts";

/** Says what has to change outside of the app. */
export function Blocked({ by }: { by: "insecure" | "another-tab" }): JSX.Element {
  return (
    <main class="plain-screen">
      <div class="start">
        <Wordmark />
        {by === "insecure" ? (
          <>
            <h1>This connection is not secure.</h1>
            <p>
              Your browser encrypts and keeps messages only for pages that come over a secure connection. Open this address with{" "}
              <b>https://</b>, or, on the computer that runs the relay, as <b>http://localhost</b>.
            </p>
            <p class="hint">If the address is right, this browser is too old for Sotto, or a private window forbids it to keep anything.</p>
          </>
        ) : (
          <>
            <h1>Sotto is open in another tab.</h1>
            <p>One tab at a time keeps your messages in order. Close the other one: this tab goes on by itself.</p>
          </>
        )}
        <button type="button" class="button primary" onClick={() => (by === "insecure" ? location.reload() : void openHere())}>
          Try again
        </button>
      </div>
    </main>
  );
}
