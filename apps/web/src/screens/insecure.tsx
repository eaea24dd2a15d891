// When nothing can be done in here: the page came over an insecure connection.

import type { JSX } from "preact";
import { Wordmark } from "../parts/wordmark.tsx";

/** Says what has to change outside of the app. */
export function Insecure(): JSX.Element {
  return (
    <main class="plain-screen">
      <div class="start">
        <Wordmark />
        <h1>This connection is not secure.</h1>
        <p>
          Your browser encrypts and keeps messages only for pages that come over a secure connection. Open this address with <b>https://</b>
          , or, on the computer that runs the relay, as <b>http://localhost</b>.
        </p>
        <p class="hint">If the address is right, this browser is too old for Sotto, or a private window forbids it to keep anything.</p>
        <button type="button" class="button primary" onClick={() => location.reload()}>
          Try again
        </button>
      </div>
    </main>
  );
}
